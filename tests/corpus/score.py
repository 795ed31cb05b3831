"""`python -m tests.corpus.score [part ...] [-v]`: precision and recall of scans without rows, for each schema."""

import sys
from dataclasses import dataclass, field

from chikai.sources.scan import Proposal, propose
from tests.corpus import corpus
from tests.corpus.corpus import Schema


@dataclass
class Count:
    """Right, wrongly proposed, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, other: "Count") -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    def __str__(self) -> str:
        return f"{self.precision:.3f} {self.recall:.3f}"


@dataclass
class Score:
    """Columns by kind, columns as personal or not, paths, whose, tables without any mistake."""

    kinds: Count = field(default_factory=Count)
    personal: Count = field(default_factory=Count)
    edges: Count = field(default_factory=Count)
    whose: int = 0
    clean: int = 0
    tables: int = 0
    undecided: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        for name in ("kinds", "personal", "edges"):
            getattr(self, name).add(getattr(other, name))
        for name in ("whose", "clean", "tables", "undecided"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults.extend(other.faults)

    def row(self, name: str) -> str:
        return (
            f"{name:<14} {self.tables:>4}   {self.kinds}   {self.personal}   {self.edges}   "
            f"{self.whose / self.tables:.3f}   {self.clean / self.tables:.3f}   {self.undecided}"
        )


def measure(schema: Schema) -> Score:
    """Scan one schema without rows and compare with its labels."""
    proposal = propose(schema.catalogue, corpus.policy_of_all_kinds(), "app", schema.name)
    score = Score()
    for table in proposal.map.tables:
        score.tables += 1
        before = len(score.faults)
        _columns(schema, table, score)
        _path(schema, table, proposal, score)
        score.clean += len(score.faults) == before
    return score


def _columns(schema: Schema, table, score: Score) -> None:
    label = schema.labels[table.name]
    for column in table.columns:
        right = label.kinds[column.name]
        said = column.category
        where = f"{schema.name}: {table.name}.{column.name} says {said}, right is {'/'.join(sorted(right))}"
        score.undecided += said == "?"
        personal = said not in ("-", "?")
        if right == {"?"}:
            continue
        if personal and said in right:
            score.kinds.right += 1
        elif personal:
            score.kinds.wrong += 1
        if said not in right and "-" not in right:
            score.kinds.missed += 1
        if personal:
            score.personal.right += right != {"-"}
            score.personal.wrong += right == {"-"}
        else:
            score.personal.missed += "-" not in right
        if said not in right:
            score.faults.append(where)


def _path(schema: Schema, table, proposal: Proposal, score: Score) -> None:
    label = schema.labels[table.name]
    said = (
        frozenset({"@"}) if table.identity else frozenset((e.columns, e.table) for e in table.edges)
    )
    best = max(label.paths, key=lambda right: (len(said & right) - len(said ^ right), len(right)))
    score.edges.add(Count(len(said & best), len(said - best), len(best - said)))
    score.whose += table.whose in label.whose
    if said != best or table.whose not in label.whose:
        score.faults.append(
            f"{schema.name}: {table.name} is {table.whose} by {sorted(map(str, said))}, right is {sorted(label.whose)} by {sorted(map(str, best))}"
        )


def total(part: str) -> Score:
    """The sum over one part of the corpus."""
    score = Score()
    for schema in corpus.all_in(part):
        score.add(measure(schema))
    return score


def main() -> None:
    parts = [word for word in sys.argv[1:] if not word.startswith("-")] or corpus.PARTS
    for part in parts:
        schemas = corpus.all_in(part)
        if not schemas:
            continue
        print(
            f"{part:<12} tables   kinds P R      personal P R   paths P R      whose   clean   undecided"
        )
        for schema in schemas:
            score = measure(schema)
            print(score.row(schema.name))
            if "-v" in sys.argv:
                print("\n".join("    " + fault for fault in score.faults))
        print(total(part).row("all"), "\n")


if __name__ == "__main__":
    main()
