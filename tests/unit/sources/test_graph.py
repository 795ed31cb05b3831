"""The map as a graph: what it refuses, and the orders it gives."""

import pytest

from chikai.errors import MapError
from chikai.sources.catalogue import Catalogue, Column, ForeignKey, Table
from chikai.sources.graph import compile_map, erase_order
from chikai.sources.map import Edge, Identity, Map, TableMap


def table(name, *above, whose="person", **more):
    return TableMap(name, whose, tuple(Edge((f"{a}_id",), a, ("id",)) for a in above), **more)


def graph(*tables):
    return compile_map(Map("shop", "shop", tables))


PEOPLE = table("people", identity=Identity("id"))


def test_parents_come_first_and_children_first_is_the_other_way():
    made = graph(table("comments", "documents"), table("documents", "people"), PEOPLE)
    assert made.parents_first == ("people", "documents", "comments")
    assert made.children_first == ("comments", "documents", "people")


def test_the_way_to_a_person_is_told_edge_by_edge():
    made = graph(PEOPLE, table("documents", "people"), table("comments", "documents", "people"))
    assert [[e.table for e in way] for way in made.ways("comments")] == [
        ["documents", "people"],
        ["people"],
    ]
    assert list(made.ways("people")) == [()]


def test_a_table_between_others_is_passed_but_not_read():
    made = graph(PEOPLE, table("members", "people", whose="none"), table("posts", "members"))
    assert made.reaches("members")
    assert [t.name for t in made.worked("person", "shared", "customer")] == ["people", "posts"]


def test_a_circle_is_named():
    with pytest.raises(MapError, match="`a` -> `b` -> `a`"):
        graph(PEOPLE, table("a", "b", "people"), table("b", "a"))


def test_a_table_that_leads_to_itself_is_a_circle():
    with pytest.raises(MapError, match="`threads` -> `threads`"):
        graph(PEOPLE, table("threads", "people", "threads"))


def test_a_long_chain_needs_no_deep_stack():
    tables = [PEOPLE, table("t0", "people"), *(table(f"t{n}", f"t{n - 1}") for n in range(1, 3000))]
    assert graph(*tables).parents_first[-1] == "t2999"


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ([PEOPLE, table("logs")], "`logs` holds rows of persons"),
        ([PEOPLE, table("logs", "ghosts")], "`ghosts`, which is not in the map"),
        ([PEOPLE, PEOPLE], "`people` stands twice"),
        ([table("a", "b"), table("b", whose="none")], "`a` holds rows"),
        (
            [PEOPLE, TableMap("a", "person", (Edge(("x", "y"), "people", ("id",)),))],
            "`a` pairs 2 columns with 1",
        ),
        ([PEOPLE, TableMap("a", "person", (Edge((), "people", ()),))], "`a` pairs 0"),
        ([table("people", identity=Identity(""))], "`people` names no key"),
        ([table("people", whose="shared", identity=Identity("id"))], "mapped as `shared`"),
    ],
)
def test_a_wrong_map_names_its_table(tables, says):
    with pytest.raises(MapError, match=says) as caught:
        graph(*tables)
    assert caught.value.do


def test_what_nobody_has_decided_and_customers_rows_may_hang_in_the_air():
    made = graph(PEOPLE, table("drafts", whose="unknown"), table("files", whose="customer"))
    assert made.parents_first == ("people",)


def test_erasing_follows_declared_foreign_keys_as_well():
    """A comment is its author's by the map, and hangs on a document in the database."""
    made = graph(PEOPLE, table("comments", "people"), table("documents", "people"))
    plain = (Column("id", "integer"),)
    key = ForeignKey(("document_id",), "documents", ("id",))
    own = ForeignKey(("parent_id",), "comments", ("id",))
    shape = Catalogue(
        "memory",
        (
            Table("comments", plain, foreign_keys=(key, own)),
            Table("documents", plain),
            Table("people", plain),
        ),
    )
    order = erase_order(made, shape)
    assert order.index("comments") < order.index("documents") < order.index("people")


def test_a_circle_of_declared_foreign_keys_does_not_stop_erasing():
    made = graph(PEOPLE, table("a", "people"), table("b", "people"))
    plain = (Column("id", "integer"),)
    shape = Catalogue("memory", (
        Table("a", plain, foreign_keys=(ForeignKey(("b_id",), "b", ("id",)),)),
        Table("b", plain, foreign_keys=(ForeignKey(("a_id",), "a", ("id",)),)),
        Table("people", plain, foreign_keys=(ForeignKey(("a_id",), "a", ("id",)),)),
    ))  # fmt: skip
    assert erase_order(made, shape)[-1] == "people"
