"""Why a table or a column stands in the map as it does, in words: the chain from the row to the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chikai.errors import BadInput
from chikai.policy.kinds import BY_ID
from chikai.sources.map import NOT_PERSONAL, UNDECIDED, Edge, Map, TableMap

_MOST: Final = 12  # edges told of one chain; a longer one is a circle
_JA: Final = {
    "person": "本人のもの", "shared": "何人かの共同の仕事（作成者の名を置き換え、内容は残します）",
    "customer": "サービスのお客様からお預かりしたもの", "none": "個人情報ではないもの", "unknown": "まだ決まっていないもの",
}  # fmt: skip
_EN: Final = {
    "person": "are of one person", "shared": "are shared work: the author is replaced, the work stands",
    "customer": "are held for the service's customer", "none": "are of nobody", "unknown": "are not decided yet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Why:
    """The same explanation in Japanese and English."""

    ja: str
    en: str

    def __str__(self) -> str:
        return f"{self.ja}\n{self.en}"


def why(map_: Map, what: str) -> Why:
    """Why `table`, or `table.column`, stands in a map as it does.

    Raises:
        BadInput: the map has no such table or column.
    """
    table = map_.by_name.get(what)
    if table is not None:
        return _of_table(map_, table)
    name, _, column = what.rpartition(".")
    table = map_.by_name.get(name)
    if table is None or table.column(column) is None:
        raise BadInput(
            f"the map has no table or column `{what}`", "ask for `table` or `table.column`"
        )
    return _of_column(table, column)


def _of_table(map_: Map, table: TableMap) -> Why:
    ja, en = (
        [f"`{table.name}` の行は、{_JA[table.whose]}です。"],
        [f"The rows of `{table.name}` {_EN[table.whose]}."],
    )
    if table.identity is not None:
        ja.append(f"各行が一人の人を表します（`{table.identity.key}`）。")
        en.append(f"Each row is a person, known by `{table.identity.key}`.")
    for edge in table.edges:
        chain, ends = _chain(map_, table.name, edge)
        way = " → ".join(chain)
        ja.append(f"{way} {'で本人に至ります' if ends else 'で途切れ、本人に至りません'}。")
        en.append(f"{way} {'leads to the person' if ends else 'breaks off before a person'}.")
    if table.because:
        ja.append(f"理由: {table.because}。")
        en.append(f"Because {table.because}.")
    return Why("".join(ja), " ".join(en))


def _chain(map_: Map, name: str, edge: Edge) -> tuple[list[str], bool]:
    """The steps from an edge on, by the first edge of each next table, and whether they end at a person."""
    steps, seen = [f"`{name}.{_columns(edge.columns)}`"], {name}
    for _ in range(_MOST):
        condition = f" ({edge.when[0]} = '{edge.when[1]}')" if edge.when else ""
        steps.append(f"`{edge.table}.{_columns(edge.to)}`{condition}")
        table = map_.by_name.get(edge.table)
        if table is None or table.name in seen:
            return steps, False
        if table.identity is not None:
            return steps, True
        seen.add(table.name)
        if not table.edges:
            return steps, False
        edge = table.edges[0]
        if edge.columns != (steps[-1],):
            steps.append(f"`{table.name}.{_columns(edge.columns)}`")
    return steps, False


def _columns(columns: tuple[str, ...]) -> str:
    return columns[0] if len(columns) == 1 else f"({', '.join(columns)})"


def _of_column(table: TableMap, name: str) -> Why:
    column = table.column(name)
    assert column is not None
    where = f"`{table.name}.{name}`"
    if column.category == UNDECIDED:
        return Why(f"{where} はまだ決まっていません。", f"{where} is not decided yet.")
    if column.category == NOT_PERSONAL:
        return Why(f"{where} は個人に関する情報を含みません。", f"{where} holds nothing personal.")
    kind = BY_ID.get(column.kind)
    ja = f"{where} は情報の項目 `{column.category}`{f'（{kind.ja}）' if kind else ''}です。"
    en = f"{where} is data item `{column.category}`{f' ({kind.en})' if kind else ''}."
    return Why(ja, en)
