"""Where an example service runs: its database, its gate, its addresses and its secret, read from one file.

`launch.start` writes the file; `--place FILE` or `LEVII_PLACE` names another one. A gate is connected when it is first
asked for, so that a service starts in any order with the others.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

import chikai
from examples.levii.services.notice import Notice, Notices
from examples.levii.services.pages import Html, page

if TYPE_CHECKING:
    from chikai.sdk.client import Gate, Use
    from examples.levii.services.wsgi import Request

ROOT: Final = Path(__file__).resolve().parents[3]
USUAL: Final = ROOT / "var" / "levii" / "services" / "place.json"
JAPAN: Final = ZoneInfo("Asia/Tokyo")
# A row that was read, its columns by name.
Found = sa.Row[*tuple[Any, ...]]
NAMES: Final = {
    "balus": "Balus",
    "training": "レヴィの研修",
    "website": "株式会社レヴィ",
    "kata": "KATA",
}


class Place:
    """One service's place. `databases` are URLs, `gate` is the feed's address or an installation's folder."""

    def __init__(self, file: Path, service: str) -> None:
        said: dict[str, Any] = json.loads(file.read_text("utf-8"))
        self.service, self.said = service, said
        self.chikai = str(said["chikai"])
        self.address = str(said["addresses"][service])
        self.folder = file.parent / service
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.engine = sa.create_engine(
            str(said["databases"][service]), connect_args={"timeout": 15}
        )
        self.notices = Notices(self.chikai, self.folder / "policy")
        self.mails = file.parent / "mail"
        token = said.get("tokens", {}).get(service)
        self.token_file = Path(token) if token else None
        self.handoff_key = Path(str(said["home"])) / "keys" / f"handoff-{service}"
        self._gate: Gate | None = None
        self._lock = threading.Lock()
        self.secret = _secret(self.folder / "secret")

    @property
    def gate(self) -> Gate:
        """This service's gate; a ChikaiError when it cannot be reached and was never read."""
        with self._lock:
            if self._gate is None:
                self._gate = chikai.connect(
                    str(self.said["gate"]),
                    service=self.service,
                    state=self.folder / "gate",
                    token_file=self.token_file,
                )
            return self._gate

    def close(self) -> None:
        """Hand over what the gate has counted; for a command that ends."""
        if self._gate is not None:
            self._gate.sum_up()
            self._gate.hand_over()
            self._gate.close()
        self.engine.dispose()

    def use(self, purpose: str, *categories: str) -> Use:
        """A use of this service for some data items, or for all that the policy gives."""
        return self.gate.use(purpose, categories=categories or None)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction that nobody else writes beside, kept only when its block ends well."""
        with self.engine.connect() as db:
            if self.engine.dialect.name == "sqlite":
                db.exec_driver_sql("BEGIN IMMEDIATE")
            yield db
            db.commit()

    def notice(self) -> Notice:
        """The edition in force; a Problem where it cannot be shown, since nothing is acquired then."""
        from examples.levii.services.wsgi import Problem

        found = self.notices.current()
        if found is None:
            text = "利用目的をお見せできないため、いまは受け付けられません。少し待って、もう一度お試しください。"
            raise Problem(503, "いまは受け付けていません", text)
        return found

    def policy_address(self, notice: Notice | None = None) -> str:
        """Where a person reads the policy."""
        return (
            f"{self.chikai}/policy/editions/{notice.edition}" if notice else f"{self.chikai}/policy"
        )

    def frame(self, request: Request, title: str, body: Html) -> Html:
        """A page of this service; signed-in persons see where their information is."""
        links = [("あなたの情報", "/you"), ("設定", "/settings")] if request.who else []
        if self.service not in ("website", "kata"):
            links.append(("ログアウト", "/signout") if request.who else ("ログイン", "/signin"))
        return page(NAMES[self.service], title, body, links, self.policy_address())


def today() -> date:
    """The day in Japan."""
    return datetime.now(JAPAN).date()


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def japan_now() -> datetime:
    """This moment as the training database writes it: Japan's time without a zone."""
    return datetime.now(JAPAN).replace(tzinfo=None, microsecond=0)


def argument(parser: argparse.ArgumentParser) -> None:
    """Add `--place`."""
    usual = os.environ.get("LEVII_PLACE", str(USUAL))
    parser.add_argument("--place", type=Path, default=Path(usual), help="the file of the services")


def _secret(file: Path) -> bytes:
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(32))
    return bytes.fromhex(file.read_text("ascii"))
