"""The published policy as the example services show it: the purposes, before anything is acquired.

It is read at the public addresses that anybody reads: `/.well-known/chikai.json` and `/policy/editions/N/policy.json`. The bytes
are compared with their digest; that digest is what a registration names. A copy stays on disk for when Chikai is away.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from examples.levii.services.pages import Html, markup

YOUNG_SECONDS: Final = 15.0
_MOST: Final = 4 * 2**20
_STOPS: Final = {
    "switch": "いつでも止められます",
    "ends_service": "止めると、サービスも終わります",
    "law": "法律が求めるため、止められません",
}


class Notice:
    """One edition of the policy, as bytes whose digest was checked."""

    def __init__(self, edition: int, digest: str, data: bytes) -> None:
        if "sha256:" + hashlib.sha256(data).hexdigest() != digest:
            raise ValueError("the policy's bytes do not match their digest")
        self.edition, self.digest, self.data = edition, digest, data
        self.policy: dict[str, Any] = json.loads(data)
        self._clauses = {clause["id"]: clause for clause in self.policy["clauses"]}
        self._named = {
            row["id"]: row
            for part in ("recipients", "categories", "purposes")
            for row in self.policy[part]
        }

    def name_of(self, id_: str) -> str:
        """The Japanese name of a purpose, a data item or a recipient."""
        return str(self._named[id_]["name"]["ja"]) if id_ in self._named else id_

    def number_of(self, id_: str) -> str:
        """The printed number of the clause of a purpose or item, as in `2(3)-2`."""
        clause = self._clauses.get(self._named.get(id_, {}).get("clause", ""), {})
        return str(clause.get("number", ""))

    def cited(self, clause: str) -> str:
        """A clause by its printed number, with its first sentence."""
        found = self._clauses.get(clause)
        if found is None:
            return "プライバシーポリシー"
        first = str(found["body"]["ja"]).partition("。")[0]
        return f"プライバシーポリシー {found['number']}「{first}。」"

    def purposes(
        self, service: str, items: Collection[str]
    ) -> list[tuple[str, str, list[str], str]]:
        """For each purpose of a service: its name, its clause's number, the acquired items it uses, how it is stopped."""
        found = []
        for purpose in self.policy["purposes"]:
            used: list[str] = next(
                (u["categories"] for u in purpose["uses"] if u["service"] == service), []
            )
            mine = [self.name_of(c) for c in used if c in items]
            if mine:
                number = self.number_of(purpose["id"])
                found.append((purpose["name"]["ja"], number, mine, _STOPS[purpose["stop"]]))
        return found

    def shown(self, service: str, items: Collection[str], address: str) -> Html:
        """The purposes as a part of a page, with the edition that is shown."""
        rows = [
            markup(
                "<li><b>$name</b> <span class='muted'>$clause</span><br>"
                "<span class='small'>使う情報: $items。$stop。</span></li>",
                name=name,
                clause=number,
                items="、".join(used),
                stop=stop,
            )
            for name, number, used, stop in self.purposes(service, items)
        ]
        return markup(
            '<section class="card purposes" aria-labelledby="why"><h2 id="why">何のために使うか</h2>'
            "<p>入力いただく情報（$all）は、次の目的にだけ使います。</p><ul>$rows</ul>"
            '<p class="small">プライバシーポリシー 第$edition版（<a href="$address">全文を読む</a>）。'
            "登録のとき、この版をお見せしたことを記録します。</p></section>",
            all="、".join(self.name_of(i) for i in items if i in self._named),
            rows=rows,
            edition=self.edition,
            address=address,
        )


class Notices:
    """Reads the edition in force, at most every 15 seconds."""

    def __init__(self, chikai: str, kept: Path) -> None:
        self._chikai, self._kept = chikai.rstrip("/"), kept
        self._lock = threading.Lock()
        self._now: Notice | None = None
        self._until = 0.0

    def current(self) -> Notice | None:
        """The edition in force; None when none was ever read: then nothing may be acquired."""
        with self._lock:
            if self._now is None or time.monotonic() > self._until:
                self._now = self._read() or self._now or self._from_disk()
                self._until = time.monotonic() + YOUNG_SECONDS
            return self._now

    def _read(self) -> Notice | None:
        try:
            known = json.loads(_get(f"{self._chikai}/.well-known/chikai.json"))
            if not known.get("edition"):
                return None
            number, digest = int(known["edition"]), str(known["digest"])
            if self._now is not None and self._now.digest == digest:
                return self._now
            data = _get(f"{self._chikai}/policy/editions/{number}/policy.json")
            notice = Notice(number, digest, data)
        except (OSError, ValueError, KeyError):
            return None
        self._keep(notice)
        return notice

    def _keep(self, notice: Notice) -> None:
        self._kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._kept.with_suffix(".new")
        head = json.dumps({"edition": notice.edition, "digest": notice.digest})
        fresh.write_bytes(head.encode() + b"\n" + notice.data)
        fresh.replace(self._kept)

    def _from_disk(self) -> Notice | None:
        try:
            head, _, data = self._kept.read_bytes().partition(b"\n")
            known = json.loads(head)
            return Notice(int(known["edition"]), str(known["digest"]), data)
        except (OSError, ValueError, KeyError):
            return None


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=3) as answer:  # noqa: S310 - the example's own address
        data: bytes = answer.read(_MOST)
        return data
