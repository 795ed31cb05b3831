"""The package that answers a disclosure: manifest, JSON, CSV, and a page that anyone can read.

Every file stands in one ZIP. The manifest, written last, names each file with its digest and number of rows, and beside
each item the category, its clause, its purposes and its recipients in the published edition. Rows stream; only the first
ones of each table are kept for the page.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Final

from chikai import clock
from chikai.errors import Tampered
from chikai.ledger import receipt
from chikai.rights import page, refusal, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from chikai.policy.document import Document, Purpose, Recipient
    from chikai.rights.fulfil import Plan, Step
    from chikai.rights.review import Review
    from chikai.sources.map import ColumnMap, TableMap
    from chikai.sources.protocol import Row

RECEIPT: Final = "ledger/receipt.txt"
SHOWN_ROWS: Final = 50  # on the page; the CSV holds all
IN_MEMORY: Final = 4 * 2**20
AT_ONCE: Final = 256  # rows that are written together
SMALL: Final = 1024  # a file of fewer bytes gains nothing by being packed
# A password's digest or a session's secret would help a thief and tells the person nothing.
WITHHELD_KINDS: Final = frozenset({"credential", "card_number"})
WITHHELD: Final = "（お預かりしていますが、安全のため表示しません）"
_json: Final = json.JSONEncoder(
    ensure_ascii=False
).encode  # made once: `dumps` makes one at each call
OWNER_ONLY: Final = 0o600 << 16
NO_DATE: Final = (1980, 1, 1, 0, 0, 0)  # the ZIP's dates say nothing; the manifest says when


@dataclass(frozen=True, slots=True)
class Item:
    """One column of one table, as the published edition speaks of it."""

    source: str
    table: str
    column: str
    category: str
    name: str
    clause: str
    purposes: tuple[dict[str, str], ...]
    recipients: tuple[dict[str, str], ...]
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """One file of the package: its name, the SHA-256 of its bytes, and its rows where it holds rows."""

    name: str
    digest: str
    rows: int | None = None


def item(policy: Document, step: Step, table: TableMap, column: ColumnMap) -> Item | None:
    """What the policy says of a column; None where the column holds nothing personal."""
    category = policy.category(column.category)
    if category is None:
        return None
    return Item(
        source=step.source,
        table=table.name,
        column=column.name,
        category=category.id,
        name=category.name.ja,
        clause=_number(policy, category.clause),
        purposes=tuple(
            _purpose(policy, purpose) for purpose in policy.purposes_of(category.id, step.service)
        ),
        recipients=tuple(
            _recipient(policy, recipient) for recipient in policy.recipients_of(category.id)
        ),
        withheld=column.kind in WITHHELD_KINDS,
    )


def _number(policy: Document, clause: str) -> str:
    found = policy.clause(clause)
    return found.number or clause if found else clause


def _purpose(policy: Document, purpose: Purpose) -> dict[str, str]:
    clause = _number(policy, purpose.clause)
    return {"id": purpose.id, "name": purpose.name.ja, "clause": clause, "stop": purpose.stop}


def _recipient(policy: Document, recipient: Recipient) -> dict[str, str]:
    return {
        "id": recipient.id,
        "name": recipient.name.ja,
        "kind": recipient.kind,
        "country": recipient.country,
        "clause": _number(policy, recipient.clause),
    }


@dataclass(slots=True)
class Package:
    """A package while it is being written; `scratch` is a folder that only we can read."""

    policy: Document
    plan: Plan
    number: str
    made_at: datetime
    archive: zipfile.ZipFile
    scratch: Path
    files: list[File] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    referred: dict[str, dict[str, int]] = field(default_factory=dict)
    sections: list[page.Section] = field(default_factory=list)
    review: Review | None = None
    ledger: dict[str, object] = field(default_factory=dict)

    def add_table(
        self,
        step: Step,
        table: TableMap,
        rows: Iterator[Row],
        numbers: frozenset[str] = frozenset(),
    ) -> int:
        """Write one table's rows as JSON and CSV; how many there were. `numbers` hold exact numbers as text."""
        tables = self.counts.setdefault(step.source, {})
        first = next(rows, None)
        if first is None:
            tables[table.name] = 0
            return 0
        items = [i for column in table.columns if (i := self._item(step, table, column))]
        items = [i for i in items if i.column in first]
        hidden = {i.column for i in items if i.withheld}
        count, shown = self._write(
            step, table.name, itertools.chain([first], rows), hidden, numbers
        )
        tables[table.name] = count
        self.items.extend(items)
        self.sections.append(
            page.Section(
                service=step.service,
                table=table.name,
                items=tuple((i.column, i.category) for i in items),
                rows=tuple(tuple(writing.as_text(row[i.column]) for i in items) for row in shown),
                count=count,
                shared=table.whose == "shared",
            )
        )
        return count

    def _item(self, step: Step, table: TableMap, column: ColumnMap) -> Item | None:
        """What the policy says of a column, looked up once in a process: it is the same for everybody."""
        known = (self.policy.digest, step.source, step.service, table.name, column)
        if known not in _items:
            if len(_items) >= MOST_ITEMS:
                _items.clear()
            _items[known] = item(self.policy, step, table, column)
        return _items[known]

    def refer(self, step: Step, counted: Mapping[str, int]) -> None:
        """Note rows that we hold for the service's customer: the person is referred to them."""
        self.referred[step.source] = {table: n for table, n in counted.items() if n}

    def _write(
        self,
        step: Step,
        table: str,
        rows: Iterator[Row],
        hidden: set[str],
        numbers: frozenset[str],
    ) -> tuple[int, list[Row]]:
        name = place_of(step.source, table)
        first = [self._ready(row, hidden) for row in itertools.islice(rows, AT_ONCE)]
        json_, csv = _lines_of(first, numbers)
        csv = writing.BYTE_ORDER_MARK + writing.csv_line(first[0]) + csv
        names = f"json/{name}.json", f"csv/{name}.csv"
        if len(first) < AT_ONCE:
            for file, text in zip(names, (f"[\n{json_}\n]\n", csv), strict=True):
                self.add_file(file, text.encode(), len(first))
            return len(first), first[:SHOWN_ROWS]
        count = len(first)
        with SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(self.scratch)) as waiting:
            waiting.write(csv.encode())
            with _entry(self.archive, names[0]) as entry:
                entry.write(f"[\n{json_}".encode())
                while more := [self._ready(r, hidden) for r in itertools.islice(rows, AT_ONCE)]:
                    json_, csv = _lines_of(more, numbers)
                    entry.write(f",\n{json_}".encode())
                    waiting.write(csv.encode())
                    count += len(more)
                entry.write(b"\n]\n")
            self.files.append(File(entry.name, entry.digest, count))
            waiting.seek(0)
            with _entry(self.archive, names[1]) as entry:
                while block := waiting.read(2**16):
                    entry.write(block)
            self.files.append(File(entry.name, entry.digest, count))
        return count, first[:SHOWN_ROWS]

    def _ready(self, row: Row, hidden: set[str]) -> Row:
        if not hidden:
            return row
        return {k: WITHHELD if k in hidden and v else v for k, v in row.items()}

    def add_file(self, name: str, data: bytes, rows: int | None = None) -> None:
        """Write one more file, such as the letter; the manifest names it."""
        info = zipfile.ZipInfo(name, NO_DATE)
        info.external_attr = OWNER_ONLY
        kind = zipfile.ZIP_STORED if len(data) < SMALL else zipfile.ZIP_DEFLATED
        self.archive.writestr(info, data, kind, compresslevel=1)
        self.files.append(File(name, f"sha256:{hashlib.sha256(data).hexdigest()}", rows))

    def add_receipt(self, text: str) -> None:
        """Write the ledger's receipts of the request; the entry about this package itself comes after it, and is not in."""
        self.add_file(RECEIPT, text.encode())
        count = text.count(receipt.HEAD)
        self.ledger = {"receipt": RECEIPT, "entries": count, "without": "rights.disclosed"}

    def copy_file(self, from_: zipfile.ZipFile, file: File) -> None:
        """Take a file over from another archive; Tampered when its digest is not the one that was noted."""
        with from_.open(file.name) as there, _entry(self.archive, file.name) as entry:
            while block := there.read(2**16):
                entry.write(block)
        if entry.digest != file.digest:
            raise Tampered(f"`{file.name}` is not what was gathered", "gather it again")
        self.files.append(file)

    def finish(self) -> dict[str, object]:
        """Write the page, then the manifest; the manifest."""
        manifest = self._manifest()
        return self.close(manifest, page.html(self.policy, manifest, self.sections))

    def close(self, manifest: dict[str, object], html: str) -> dict[str, object]:
        """Write this page and this manifest, which then names each file and the ledger's receipt."""
        self.add_file("index.html", html.encode())
        manifest["files"] = [_fields(file) for file in self.files]
        self.add_file("manifest.json", _lines(manifest).encode())
        return manifest

    def _manifest(self) -> dict[str, object]:
        return {
            "format": 1,
            "kind": "disclose",
            "number": self.number,
            "person": str(self.plan.person),
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "made_on": clock.day_in_japan(self.made_at).isoformat(),
            "operator": self.policy.controller.name.ja,
            "edition": {"name": self.policy.edition, "digest": self.policy.digest},
            "rows": sum(sum(tables.values()) for tables in self.counts.values()),
            "sources": [
                {
                    "source": step.source,
                    "service": step.service,
                    "standing": step.standing,
                    "doubts": step.doubts,
                    "rows": sum(self.counts.get(step.source, {}).values()),
                    "tables": self._tables(step.source),
                    "referred_to_customer": self.referred.get(step.source, {}),
                }
                for step in self.plan.steps
            ],
            "items": [_as_said(i) for i in self.items],
            **self._reviewed(),
            "ledger": self.ledger or None,
        }

    def _tables(self, source: str) -> dict[str, int]:
        """The rows by table; one that stays back whole is named with its ground alone, since 0 would read as none held."""
        left = (
            {t for s, t, column in self.review.left if s == source and not column}
            if self.review
            else set()
        )
        return {t: n for t, n in self.counts.get(source, {}).items() if t not in left}

    def _reviewed(self) -> dict[str, object]:
        """What an officer blacked out and left out, and why: nothing where nobody did."""
        if self.review is None or not (self.review.words or self.review.left):
            return {}
        said: dict[str, object] = {"redacted": {"words": len(self.review.words)}}
        if self.review.left:
            ground = refusal.BY_ID[self.review.ground]
            said["left_out"] = [
                {"source": source, "table": table, "column": column or None}
                for source, table, column in self.review.left
            ]
            why = {"ground": ground.id, "cite": ground.cite, "says": ground.says.ja}
            said["left_out_because"] = {**why, "text": self.review.text}
        return said


MOST_ITEMS: Final = 50_000
_items: dict[tuple[object, ...], Item | None] = {}
_said: dict[int, tuple[Item, Said]] = {}  # by which object an item is


class Said(dict[str, object]):
    """An item as the manifest says it, with its text: it is the same in everybody's."""

    def __init__(self, item: Item) -> None:
        super().__init__(_fields(item))
        self.text = _json(self)


def _as_said(found: Item) -> Said:
    known = _said.get(id(found))
    if known is None or known[0] is not found:
        if len(_said) >= MOST_ITEMS:
            _said.clear()
        known = _said[id(found)] = found, Said(found)
    return known[1]


def _fields(value: Item | File) -> dict[str, object]:
    return {f.name: getattr(value, f.name) for f in fields(value)}


def _lines(manifest: Mapping[str, object]) -> str:
    """The manifest as JSON, a line for each of its fields and for each entry of a list: read by people and by programs."""
    said = []
    for name, value in manifest.items():
        if isinstance(value, list):
            each = [v.text if isinstance(v, Said) else _json(v) for v in value]
            lines = ",\n    ".join(each)
            text = f"[\n    {lines}\n  ]" if value else "[]"
        else:
            text = _json(value)
        said.append(f"  {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(said) + "\n}\n"


def _lines_of(rows: Sequence[Row], numbers: frozenset[str]) -> tuple[str, str]:
    """Rows as JSON, a line each, and as CSV."""
    json_ = ",\n".join([_json(writing.plain_row(row)) for row in rows])
    return json_, "".join([writing.csv_row(row, numbers) for row in rows])


class _Entry:
    """One file inside the ZIP while it is written: its bytes are summed as they go."""

    def __init__(self, name: str, handle: IO[bytes]) -> None:
        self.name = name
        self._handle = handle
        self._sum = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._sum.update(data)
        self._handle.write(data)

    @property
    def digest(self) -> str:
        """The digest of what was written."""
        return f"sha256:{self._sum.hexdigest()}"


@contextmanager
def _entry(archive: zipfile.ZipFile, name: str) -> Iterator[_Entry]:
    info = zipfile.ZipInfo(name, NO_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = OWNER_ONLY
    with archive.open(info, "w", force_zip64=True) as handle:
        yield _Entry(name, handle)


def place_of(source: str, table: str) -> str:
    """Where a table's files lie, within `json` and `csv` and without their endings."""
    return f"{_safe(source)}/{_safe(table)}"


def _safe(name: str) -> str:
    """A table's name as a file's name: nothing that leaves the folder or that Windows refuses."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]|^\.+|[ .]+$', "_", name) or "_"
