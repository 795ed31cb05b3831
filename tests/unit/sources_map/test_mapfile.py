"""Maps as files: read back equal, faults with their line, an engineer's edits kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.errors import MapError
from chikai.sources import drift, mapfile, notation, scan, why
from chikai.sources.catalogue import Catalogue, Column, Table
from chikai.sources.map import Edge
from tests.corpus import corpus

SCHEMAS = [*corpus.all_in("tuning"), *corpus.all_in("heldout")]
POLICY = corpus.policy_of_all_kinds()
names = st.text(min_size=1, max_size=12)


@given(
    st.lists(st.tuples(names, names), min_size=1, max_size=3), names,
    st.none() | st.tuples(names, st.text(max_size=8)),
)  # fmt: skip
def test_an_edge_is_read_back_as_it_was_written(pairs, table, when):
    edge = Edge(tuple(a for a, _ in pairs), table, tuple(b for _, b in pairs), when)
    assert notation.parsed(notation.written(edge)) == edge


@pytest.mark.parametrize(
    "text", ["", "a", "a -> b", "a -> b.c d", "(a,b) -> c.d", "a -> b.c when x", "a => b.c"]
)
def test_a_wrong_edge_is_told(text):
    with pytest.raises(MapError):
        notation.parsed(text)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda s: s.name)
def test_a_proposal_is_read_back_and_can_be_worked_with(schema):
    proposal = scan.propose(schema.catalogue, POLICY, "app", schema.name)
    map_ = mapfile.parse(mapfile.text(proposal))
    for table in proposal.map.tables:
        back = map_.by_name[table.name]
        assert (back.whose, back.edges, back.identity, back.key) == (
            table.whose,
            table.edges,
            table.identity,
            table.key,
        )
        assert {c.name: c for c in back.columns} == {c.name: c for c in table.columns}
    assert not [
        f
        for f in mapfile.check(map_, POLICY, schema.catalogue)
        if "circle" in f.what or f.code == "missing"
    ]
    assert drift.drift(map_, schema.catalogue) == ()


BEFORE = """# ours
source = "s"
service = "app"

[table.users]
whose = "person"  # we asked Aiko
identity = { key = "id" }
columns.memo = "-"
columns.x = "?"
nothing = ["id"]
"""


def test_a_scan_adds_and_never_overrules(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text(BEFORE, encoding="utf-8")
    columns = tuple(Column(n, "text") for n in ("memo", "email", "x"))
    tables = (
        Table("users", (Column("id", "integer"), *columns), ("id",)),
        Table("新 表", (Column("i.d", "integer"),), ("i.d",)),
    )
    mapfile.write(scan.propose(Catalogue("memory", tables), POLICY, "app", "s"), path)
    text, map_ = path.read_text(encoding="utf-8"), mapfile.read(path)
    assert "# ours" in text
    assert "# we asked Aiko" in text
    assert map_.by_name["users"].column("memo").category == "-"
    assert map_.by_name["users"].column("email").category == "email"
    assert "新 表" in map_.by_name
    mapfile.write(scan.propose(Catalogue("memory", tables), POLICY, "app", "s"), path)
    assert path.read_text(encoding="utf-8") == text


def test_a_way_that_people_wrote_stays_though_whose_is_left_to_the_scan(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text(
        'source = "s"\nservice = "app"\n\n[table.notes]\n'
        'through = ["author_id -> users.id", "editor_id -> users.id"]\n',
        encoding="utf-8",
    )
    users = Table("users", (Column("id", "integer"), Column("email", "text")), ("id",))
    keys = tuple(Column(name, "integer") for name in ("id", "author_id", "editor_id"))
    tables = (users, Table("notes", (*keys, Column("body", "text")), ("id",)))
    mapfile.write(scan.propose(Catalogue("memory", tables), POLICY, "app", "s"), path)
    notes = mapfile.read(path).by_name["notes"]
    assert notes.whose == "person"
    assert [edge.columns for edge in notes.edges] == [("author_id",), ("editor_id",)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('whose = "me"', "nobody's row"), ('through = ["a b"]', "cannot read the edge"), ("columns.a = 1", "not understood"),
        ('nonsense = "x"', "means nothing"), ('identity = { mail = "x" }', "not understood"),
    ],
)  # fmt: skip
def test_a_fault_carries_file_and_line(tmp_path, line, says):
    path = tmp_path / "map.toml"
    path.write_text(f'source = "s"\n\n[table.a]\n{line}\n', encoding="utf-8")
    with pytest.raises(mapfile.MapErrors) as raised:
        mapfile.read(path)
    assert raised.value.faults[0].where == f"{path}:4"
    assert says in raised.value.faults[0].what


def test_why_tells_the_chain_in_both_languages():
    schema = next(s for s in SCHEMAS if s.name == "redmine")
    map_ = scan.propose(schema.catalogue, POLICY, "app").map
    told = why.why(map_, "journal_details")
    assert "`journals.user_id` → `users.id`" in told.en
    assert "本人に至ります" in told.ja
    assert "name" in why.why(map_, "users.firstname").en


def test_drift_tells_what_changed():
    old = Table("users", (Column("id", "integer"), Column("email", "text")), ("id",))
    map_ = scan.propose(Catalogue("memory", (old,)), POLICY, "app").map
    new = Table("users", (Column("id", "text"), Column("tel", "text")), ("id", "tel"))
    found = drift.drift(map_, Catalogue("memory", (new, Table("more", ()))))
    assert {d.kind for d in found} == {
        "new_table",
        "new_column",
        "lost_column",
        "new_type",
        "new_key",
    }
