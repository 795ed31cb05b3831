"""What a scan must never do: take two persons for one, or call a table of addresses nobody's."""

from pathlib import Path

from chikai.policy import load
from chikai.sources import drift, mapfile, scan
from chikai.sources.catalogue import Catalogue, Column, Table

POLICY = load.read(Path(__file__).parents[3] / "examples" / "levii").document


def table(name, *columns, key=("id",)):
    return Table(
        name, tuple(Column(c, "integer" if c in key else "text") for c in columns), tuple(key)
    )


def proposed(*tables):
    return scan.propose(Catalogue("sqlite", tables), POLICY, "balus")


def test_a_part_of_a_key_is_never_the_key_of_a_person():
    people = table("user", "tenant", "number", "name", "email", key=("tenant", "number"))
    map_ = proposed(people).map
    assert map_.by_name["user"].identity is None
    assert map_.by_name["user"].whose == "unknown"
    assert "unique one" in map_.by_name["user"].because
    assert [f.table for f in mapfile.check(map_, POLICY)] == ["user"]


def test_an_account_with_an_address_is_a_person_also_without_a_password():
    map_ = proposed(table("accounts", "id", "name", "email", "phone", "address")).map
    assert map_.by_name["accounts"].whose == "person"
    assert map_.by_name["accounts"].column("email").category == "email"


def test_a_column_that_is_gone_stays_known_after_the_next_scan(tmp_path):
    file = tmp_path / "map.toml"
    before = table("users", "id", "name", "email", "phone")
    mapfile.write(proposed(before, table("notes", "id", "title")), file)
    after = Catalogue("sqlite", (table("users", "id", "name", "email"),))
    mapfile.write(scan.propose(after, POLICY, "balus"), file)
    map_ = mapfile.read(file)
    lost = {(f.table, f.column) for f in mapfile.check(map_, POLICY) if f.code == "missing"}
    assert lost == {("users", "phone"), ("notes", "")}
    kinds = {change.kind for change in drift.drift(map_, after)}
    assert kinds == {"lost_column", "lost_table"}
