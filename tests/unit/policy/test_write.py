"""What is written reads back the same."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.errors import BadInput, PolicyError
from chikai.policy import load, write
from chikai.policy.document import (
    Clause,
    Controller,
    DataCategory,
    Dates,
    Desk,
    Document,
    Purpose,
    Recipient,
    Right,
    Service,
    Text,
    Use,
)
from chikai.policy.kinds import KINDS
from chikai.policy.load import Accepted

# Words of a policy: one line, not beginning like a number, a list or a heading of Markdown.
line = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="#<-*"),
    min_size=1,
    max_size=12,
).map(lambda words: f"あ{words}")
bodies = st.lists(line, min_size=1, max_size=3).map("\n\n".join)
texts = st.builds(Text, line, line)
maybe = st.one_of(st.just(Text()), texts)
quoted = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
ids = st.from_regex(r"\A[a-z][a-z0-9_]{0,6}\Z")
days = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2090, 1, 1)))


def several(strategy, low=1, high=3):
    return st.lists(strategy, min_size=low, max_size=high, unique=True)


@st.composite
def clauses(draw):
    made = [Clause("pre", "", Text(), draw(st.builds(Text, bodies, bodies)), kind="scope")]
    for top in range(1, draw(st.integers(1, 4)) + 1):
        made.append(
            Clause(
                str(top),
                str(top),
                draw(texts),
                draw(maybe),
                draw(st.sampled_from([(), ("gate.meaning",)])),
            )
        )
        style = draw(st.sampled_from(["({})", ".{}", "-{}"]))
        for inner in range(1, draw(st.integers(0, 3)) + 1):
            number = f"{top}{style.format(inner)}"
            made.append(
                Clause(f"{top}.{inner}", number, Text(), draw(st.builds(Text, bodies, bodies)))
            )
    return tuple(made)


@st.composite
def documents(draw):
    held = draw(clauses())
    clause = st.sampled_from([c.id for c in held])
    services = [
        Service(i, draw(texts), draw(st.sampled_from(["", "cloud"]))) for i in draw(several(ids))
    ]
    kinds = st.lists(st.sampled_from([k.id for k in KINDS]), max_size=3, unique=True).map(tuple)
    categories = [
        DataCategory(
            i,
            draw(texts),
            draw(clause),
            draw(kinds),
            draw(st.booleans()),
            draw(st.sampled_from(["no", "possible", "yes"])),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for i in draw(several(ids))
    ]
    some = several(st.sampled_from([c.id for c in categories])).map(tuple)
    purposes = []
    for i in draw(several(ids)):
        used = [s for s in services if draw(st.booleans())]
        stop = draw(st.sampled_from(["switch", "ends_service", "law"]))
        law = (
            draw(st.sampled_from(["APPI Art. 18(3)", "法人税法施行規則 59条"]))
            if stop == "law"
            else ""
        )
        effect = draw(texts) if stop != "law" else draw(maybe)
        uses = tuple(Use(s.id, draw(some)) for s in used)
        purposes.append(
            Purpose(
                i,
                draw(texts),
                draw(clause),
                uses,
                stop,
                effect,
                law,
                draw(st.booleans()),
                draw(st.booleans()),
            )
        )
    recipients = [
        Recipient(
            i,
            draw(texts),
            draw(st.sampled_from(load.RECIPIENT_KINDS)),
            draw(clause),
            (purposes[0].id,),
            draw(some),
            "US",
            draw(maybe),
            draw(st.booleans()),
        )
        for i in draw(several(ids, 0))
    ]
    rights = [
        Right(
            k,
            draw(clause),
            draw(st.integers(0, 2)),
            draw(st.integers(0, 500)),
            draw(maybe),
            draw(st.booleans()),
            draw(st.integers(1, 30)),
        )
        for k in draw(several(st.sampled_from(load.RIGHT_KINDS), 0))
    ]
    desk = Desk(
        draw(maybe),
        draw(maybe),
        draw(st.sampled_from(["", "a@b.example"])),
        draw(quoted),
        draw(maybe),
    )
    controller = Controller(
        Text(draw(quoted), draw(quoted)), "company", draw(maybe), draw(maybe), desk
    )
    return Document(
        controller, tuple(services), tuple(categories), tuple(purposes), tuple(recipients), tuple(rights), held,
        draw(texts), Dates(draw(days), draw(days), draw(days)), draw(line), 1, draw(st.booleans()),
    )  # fmt: skip


@given(documents())
def test_a_random_document_reads_back_the_same(tmp_path_factory, document):
    folder = tmp_path_factory.mktemp("written") / "policy"
    write.folder(document, folder)
    read = load.read(folder).document
    assert read == document
    assert read.digest == document.digest


def test_the_example_reads_back_the_same(levii, tmp_path):
    write.folder(levii.document, tmp_path / "new", accepted=levii.accepted)
    again = load.read(tmp_path / "new")
    assert (again.document, again.accepted) == (levii.document, levii.accepted)
    assert [p.name for p in tmp_path.iterdir()] == ["new"]


def test_a_policy_that_stands_is_kept_unless_told(levii, folder):
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    with pytest.raises(BadInput, match="holds a policy already"):
        write.folder(levii.document, folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_overwriting_leaves_other_files_alone(levii, folder):
    (folder / "databases").mkdir()
    write.folder(levii.document, folder, overwrite=True)
    assert load.read(folder).document == levii.document
    assert (folder / "databases").is_dir()


def test_a_text_that_markdown_would_read_otherwise_is_refused_and_nothing_is_written(
    small, tmp_path
):
    first, *rest = small.document.clauses
    spoilt = replace(first, body=Text("文\n<!-- 2 -->\n文", "text"))
    document = replace(small.document, clauses=(spoilt, *rest))
    with pytest.raises(PolicyError):
        write.folder(document, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_reason_in_one_language_is_kept(small, tmp_path):
    accepted = (Accepted("L-DIS-03", "2", Text("見本", "")),)
    write.folder(small.document, tmp_path / "new", accepted=accepted)
    assert load.read(tmp_path / "new").accepted == accepted
