"""A Document becomes a policy folder again, and the folder reads back as the same Document.

Comments, blank lines and the layout of a folder that a person wrote are not kept: they are not part of the policy.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from chikai.errors import BadInput, PolicyError
from chikai.policy import load, prose
from chikai.policy.document import LANGUAGES, Controller, Document, Purpose, Text

Value = str | bool | int | date | Text | tuple[str, ...] | None
Pairs = Iterable[tuple[str, Value]]

HEADS: Final = {
    "": "What the prose in ja.md and en.md means. docs/reference/policy.md says what each key is.",
    "service": "Services in scope. 対象のサービス",
    "category": "Data items, in the words of the prose. 情報の項目",
    "purpose": "Purposes of use: what each service uses, and how a person stops it. 利用目的",
    "recipient": "Who receives data, and the least that they need. 提供先・委託先",
    "right": "Rights of persons, as they are handled here. 本人の権利",
    "clause": "What keeps each clause of the prose. 条項としくみ",
    "accepted": "Findings that are known and published with, and why. 承知している指摘",
}
# Keys that must stand, though their value says nothing.
ALWAYS: Final = ("by", "clause", "approvals", "personal", "agents", "purposes", "categories")
_BARE: Final = re.compile(r"^[A-Za-z0-9_-]+$")


def folder(
    document: Document,
    path: Path,
    *,
    accepted: Iterable[load.Accepted] = (),
    overwrite: bool = False,
    like: Mapping[str, str] | None = None,
) -> None:
    """Write `policy.toml`, `ja.md` and `en.md` into a folder.

    A clause that says the same in the files `like`, or in those that stand there, keeps its layout byte for byte.

    They are written beside it first and read back; only what reads back as the same document takes its place, each
    file at once. Other files of the folder stay. Raises BadInput where a policy stands already, and PolicyError
    where the prose of the document cannot be told apart in Markdown.
    """
    accepted = tuple(accepted)
    files = {load.STRUCTURE: structure(document, accepted)}
    for language in LANGUAGES:
        before = _before(f"{language}.md", path, like)
        files[f"{language}.md"] = prose.written(document, language, before)
    if path.exists() and not path.is_dir():
        raise BadInput(f"`{path}` is not a folder", "name a folder that a policy may be written to")
    standing = [name for name in files if (path / name).exists()]
    if standing and not overwrite:
        do = "name another folder, or ask to overwrite"
        raise BadInput(f"`{path}` holds a policy already (`{standing[0]}`)", do)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.parent / f".{path.name}.{secrets.token_hex(6)}"
    beside.mkdir()
    try:
        for name, text in files.items():
            with (beside / name).open("wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
        again = load.read(beside)
        if (again.document, again.accepted) != (document, accepted):
            do = "look for a text that begins like the number of its clause, or for a line of Markdown"
            raise PolicyError("this document does not read back as it was written", do)
        if path.exists():
            for name in files:
                (beside / name).replace(path / name)
        else:
            beside.rename(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _before(name: str, path: Path, like: Mapping[str, str] | None) -> str:
    """The text whose layout a prose file takes over; empty where there is none that can be read."""
    if like is not None:
        return like.get(name, "")
    try:
        return (path / name).read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return ""


def structure(document: Document, accepted: Iterable[load.Accepted] = ()) -> str:
    """The text of `policy.toml`."""
    dates = document.dates
    blocks = [
        f"# {HEADS['']}\n",
        _table(
            "",
            (
                ("format", document.format),
                ("edition", document.edition),
                ("sample", document.sample),
            ),
        ),
        _table("[title]", (("ja", document.title.ja), ("en", document.title.en))),
        _table(
            "[dates]",
            (
                ("made_on", dates.made_on),
                ("updated_on", dates.updated_on),
                ("effective_on", dates.effective_on),
            ),
        ),
        *_controller(document.controller),
        *_group(
            "service",
            ((("id", s.id), ("name", s.name), ("kind", s.kind)) for s in document.services),
        ),
        *_group("category", _categories(document)),
        *_purposes(document.purposes),
        *_group("recipient", _recipients(document)),
        *_group("right", _rights(document)),
        *_group(
            "clause", ((("id", c.id), ("by", c.by), ("kind", c.kind)) for c in document.clauses)
        ),
        *_group(
            "accepted",
            ((("rule", a.rule), ("clause", a.clause), ("reason", a.reason)) for a in accepted),
        ),
    ]
    return "\n".join(blocks)


def _controller(controller: Controller) -> Iterator[str]:
    desk = controller.desk
    # The name may be empty while a policy is being written, but its key may not be missing.
    name = f"name = {_value(controller.name)}"
    rest = (
        ("kind", controller.kind),
        ("address", controller.address),
        ("representative", controller.representative),
    )
    yield _table(f"[controller]\n{name}", rest)
    yield _table(
        "[controller.desk]",
        (
            ("name", desk.name),
            ("address", desk.address),
            ("mail", desk.mail),
            ("phone", desk.phone),
            ("hours", desk.hours),
        ),
    )


def _categories(document: Document) -> Iterator[Pairs]:
    for item in document.categories:
        yield (
            ("id", item.id),
            ("name", item.name),
            ("clause", item.clause),
            ("kinds", item.kinds),
            ("personal", None if item.personal else False),
            ("special_care", None if item.special_care == "no" else item.special_care),
            ("open_ended", item.open_ended),
            ("observed", item.observed),
        )


def _purposes(purposes: Iterable[Purpose]) -> Iterator[str]:
    for place, purpose in enumerate(purposes):
        head = "[[purpose]]" if place else f"# {HEADS['purpose']}\n\n[[purpose]]"
        pairs: Pairs = (
            ("id", purpose.id),
            ("name", purpose.name),
            ("clause", purpose.clause),
            ("stop", purpose.stop),
            ("stop_effect", purpose.stop_effect),
            ("law", purpose.law),
            ("third_party", purpose.third_party),
            ("marketing", purpose.marketing),
        )
        yield _table(head, pairs).rstrip("\n")
        yield _table("[purpose.uses]", ((use.service, use.categories) for use in purpose.uses))


def _recipients(document: Document) -> Iterator[Pairs]:
    for recipient in document.recipients:
        yield (
            ("id", recipient.id),
            ("name", recipient.name),
            ("kind", recipient.kind),
            ("clause", recipient.clause),
            ("country", recipient.country),
            ("task", recipient.task),
            ("purposes", recipient.purposes),
            ("categories", recipient.categories),
            ("sample", recipient.sample),
        )


def _rights(document: Document) -> Iterator[Pairs]:
    for right in document.rights:
        yield (
            ("kind", right.kind),
            ("clause", right.clause),
            ("approvals", right.approvals),
            ("fee_yen", right.fee_yen),
            ("identity", right.identity),
            ("agents", None if right.agents else False),
            ("target_days", right.target_days),
        )


def _group(key: str, items: Iterable[Pairs]) -> Iterator[str]:
    for place, pairs in enumerate(items):
        head = f"[[{key}]]" if place else f"# {HEADS[key]}\n\n[[{key}]]"
        yield _table(head, pairs, always=ALWAYS)


def _table(head: str, pairs: Pairs, always: tuple[str, ...] = ()) -> str:
    """A table; keys whose value says nothing (empty, false, none) are left out, unless they must stand."""
    lines = [head] if head else []
    for key, value in pairs:
        if value is None or (key not in always and value in ("", (), False, Text())):
            continue
        name = key if _BARE.match(key) else _value(key)
        lines.append(f"{name} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: Value) -> str:
    if isinstance(value, Text):
        return f"{{ ja = {_value(value.ja)}, en = {_value(value.en)} }}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, str):
        # JSON and TOML quote alike, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return value.isoformat() if isinstance(value, date) else str(value)
