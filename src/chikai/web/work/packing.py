"""What is made of gathered parts, for all requests of a batch: the letters and the packages, read again before they count.

Many packages are made in two processes (`beside`).

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import astuple
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any, Final, cast

from chikai import clock, law
from chikai.errors import Disagrees, WrongState
from chikai.ledger import receipt
from chikai.rights import deadline, fulfil, handing, letter, parts, redaction, refusal, review
from chikai.rights.package import Package, place_of
from chikai.web import packages, typeset
from chikai.web.actions import rights
from chikai.web.maps import map_named
from chikai.web.work import beside, proofs
from chikai.web.work.engine import point
from chikai.web.work.gathering import Made, part_of, policy_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from chikai.sources.map import TableMap
    from chikai.sources.protocol import Row
    from chikai.web.models import Request, Step
    from chikai.web.work.gathering import Group

LETTER: Final = "letter"
AT_ONCE: Final = 2**16  # bytes that go on together: an archive is written in many small pieces
_ONE_DAY: Final = timedelta(days=1)


def _standings(steps: Iterable[Step]) -> Iterator[tuple[Step, str]]:
    words = {"read": "asked", "manual": "by_hand", "nothing": "nothing"}
    for step in steps:
        if step.action in words:
            yield step, words[step.action]


def write_letters(group: Group) -> None:
    """Set the letters in type; without a Japanese font they are left out, and the step says so."""
    group.each(lambda step: _letter(group, step))


def _letter(group: Group, step: Step) -> None:
    if typeset.font() is None:
        group.made[step.pk] = Made(0, "", fault=typeset.NO_FONT)
        return
    request, now = group.request(step), clock.now()
    all_, doubts = group.batch.steps[request.pk], group.batch.doubts(request)
    said_ = letter.data(
        policy_of(request),
        number=request.number,
        made_on=clock.day_in_japan(now),
        name=_name(group, all_),
        places=[
            (s.service or s.source, standing, s.rows, doubts.get(s.source, 0))
            for s, standing in _standings(all_)
        ],
        until=last_day(deadline.package_until(now)),
        left=_left(group, request),
        on_paper=is_on_paper(all_),
    )
    typeset_letter(group, step, said_)


def is_on_paper(steps: Iterable[Step]) -> bool:
    """Whether the answer is printed and handed over, so that nobody is told to fetch a file."""
    return any(step.action == handing.ACTION for step in steps)


def _left(group: Group, request: Request) -> list[str]:
    """What the letter says of what stays back."""
    found = group.batch.review(request)
    if found is None or not found.left:
        return []
    policy, ground = policy_of(request), refusal.BY_ID[found.ground]
    names = {
        s.source: service.name.ja
        for s in group.batch.steps[request.pk]
        if (service := policy.service(s.service))
    }
    which = "、".join(review.left_in_words(found.left, names))
    why = f"理由：{ground.says.ja}（{law.in_words(ground.cite, 'ja')}）。{found.text}"
    return [f"次のものは、お渡ししていません。{which}", why]


def last_day(until: datetime) -> date:
    """The last day before a moment at the beginning of a day."""
    return clock.day_in_japan(until) - _ONE_DAY


def typeset_letter(group: Group, step: Step, said_: dict[str, Any]) -> None:
    """Set a letter in type and keep it; without a Japanese font it is left out, and the step says so."""
    if typeset.font() is None:
        group.made[step.pk] = Made(0, "", fault=typeset.NO_FONT)
        return
    request = group.request(step)
    pdf = typeset.pdf(said_, clock.now())
    name = f"{LETTER}.{group.batch.mark}"
    with packages.writing(request, name, group.key(step)) as out:
        out.write(pdf)
    # The package that is made next takes it over.
    step.digest, step.file = f"sha256:{hashlib.sha256(pdf).hexdigest()}", name
    group.made[step.pk] = Made(0, step.digest, name)


def _name(group: Group, steps: Iterable[Step]) -> str:
    for step in steps:
        if step.action == "read":
            with part_of(group, step) as lines:
                if name := lines.finish()["more"].get("name"):
                    return str(name)
    return ""


def verify_letters(group: Group) -> None:
    """Read the letters' files again and compare."""
    group.each(lambda step: compare_file(group, step) if step.digest else None)


def make_packages(group: Group) -> None:
    """Put each request's parts, letter, page and manifest into one sealed archive."""
    scratch = packages.spool()
    proved = proofs.receipts_of(map(group.request, group.steps))
    _in_two(group, lambda step: _package(group, step, scratch, proved))
    kept = [step for step in group.steps if step.pk in group.made]
    packages.confirm([s.request_id for s in kept], {group.made[s.pk].file for s in kept})


def _in_two(group: Group, make: Callable[[Step], Made]) -> None:
    """Make one thing of each step, of many in two processes; a fault stays with its step."""

    def here(step: Step) -> None:
        group.made[step.pk] = make(step)

    def there(number: int) -> bytes:
        return json.dumps(astuple(make(rest[number]))).encode()

    first, rest = group.steps[:1], group.steps[1:]
    group.narrowed(first).each(here)  # what is asked once for all is known from here on
    if beside.is_worth_it(len(rest)):
        shared = beside.Shared(len(rest), there)
        for number in shared:
            group.narrowed([rest[number]]).each(here)
        group.made |= {rest[n].pk: Made(*json.loads(line)) for n, line in shared.answers()}
    left = [s for s in rest if s.pk not in group.made and s.pk not in group.faults]
    group.narrowed(left).each(here)


def _package(group: Group, step: Step, scratch: Path, proved: proofs.Proved) -> Made:
    request = group.request(step)
    all_ = group.batch.steps[request.pk]
    doubts = group.batch.doubts(request)
    planned = tuple(
        fulfil.Step(
            *(s.source, s.service, cast("fulfil.Standing", standing)),
            doubts=doubts.get(s.source, 0),
        )
        for s, standing in _standings(all_)
    )
    plan = fulfil.Plan(request.person_id, planned)
    name = f"{packages.PACKAGE}.{group.batch.mark}"
    with packages.writing(request, name, group.key(step), sure=False) as out:
        summing = Summing(out)
        with io.BufferedWriter(summing, AT_ONCE) as few, zipfile.ZipFile(few, "w") as archive:
            pack = Package(policy_of(request), plan, request.number, clock.now(), archive, scratch)
            pack.review = group.batch.review(request)
            for row in all_:
                _add(group, pack, row)
                point("package.part")
            if request.pk in proved:
                pack.add_receipt(receipt.join(proved[request.pk]))
            manifest = pack.finish()
    digest = f"sha256:{summing.hexdigest}"
    return Made(int(str(manifest["rows"])), digest, name)


def _add(group: Group, pack: Package, row: Step) -> None:
    request = group.request(row)
    if row.action == "read":
        planned = next(s for s in pack.plan.steps if s.source == row.source)
        with part_of(group, row) as lines:
            parts.add(pack, planned, map_named(row.source, row.plan_digest), lines, pack.review)
    elif row.action == "manual":
        note = rights.read_step_note(request, row)
        if pack.review is not None:
            note, _ = redaction.redacted(note, pack.review.words)
        pack.add_file(f"by-hand/{row.source}.txt", note.encode())
        pack.counts[row.source] = {"by hand": row.rows}
    elif row.action == "pdf" and row.digest:
        with packages.reading(request, row.file, group.key(row)) as file:
            pack.add_file("letter.pdf", file.read())


def verify_packages(group: Group) -> None:
    """Read the sealed archives again: their bytes, and their rows against what was gathered."""
    group.each(lambda step: _compare_package(group, step))


def _compare_package(group: Group, step: Step) -> None:
    compare_file(group, step)
    all_ = group.batch.steps[step.request_id]
    gathered = sum(s.rows for s in all_ if s.pk != step.pk)
    found = group.batch.review(group.request(step))
    if found is not None and (found.words or found.left):
        gathered -= _compare_reviewed(group, step, found)
    if gathered != step.rows:
        raise Disagrees("the package has another number of rows than was gathered", "make it anew")


def _compare_reviewed(group: Group, step: Step, found: review.Review) -> int:
    """Read a reviewed package again: Disagrees where a word or a table is in it that should not be; the rows left out."""
    left_rows = 0
    request, key = group.request(step), group.key(step)
    with (
        packages.reading(request, step.file, key) as file,
        zipfile.ZipFile(io.BufferedReader(file)) as archive,
    ):
        names = set(archive.namelist())
        for row in group.batch.steps[request.pk]:
            if row.action != "read":
                continue
            map_ = map_named(row.source, row.plan_digest)
            with part_of(group, row) as lines:
                counts = lines.finish()["counts"]
            for table, count in counts.items():
                name = f"json/{place_of(row.source, table)}.json"
                gone = found.leaves_table(row.source, table)
                left_rows += count if gone else 0
                there = json.loads(archive.read(name)) if name in names else []
                if (gone and there) or not _is_clean(found, row.source, map_.by_name[table], there):
                    step.state = "todo"
                    raise Disagrees("the package holds what was left out of it", "make it anew")
    return left_rows


def _is_clean(found: review.Review, source: str, table: TableMap, rows: list[Row]) -> bool:
    return list(found.rows(source, table, rows)) == rows


def compare_file(group: Group, step: Step) -> None:
    """Read a sealed file again; Disagrees when it is not what was written, and then it is made anew."""
    found = hashlib.sha256()
    try:
        with packages.reading(step.request_id, step.file, group.key(step)) as file:
            while block := file.read(2**16):
                found.update(block)
    except WrongState:
        step.state = "todo"
        raise
    if f"sha256:{found.hexdigest()}" != step.digest:
        step.state = "todo"
        raise Disagrees("the file is not what was written", "it is made anew")


class Summing(io.RawIOBase):
    """A file on the way to another one; its bytes are summed as they go."""

    def __init__(self, file: IO[bytes] | io.RawIOBase) -> None:
        self._file, self._sum = file, hashlib.sha256()

    def writable(self) -> bool:
        """It is written to, and not read."""
        return True

    def write(self, data: Any) -> int:
        """Pass bytes on."""
        self._sum.update(data)
        return int(self._file.write(data) or 0)

    @property
    def hexdigest(self) -> str:
        """The sum of what went through."""
        return self._sum.hexdigest()
