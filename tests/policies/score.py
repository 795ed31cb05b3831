"""How well the importer reads the policies beside this file, counted against what a reader counts in them.

`python -m tests.policies.score [FOLDER]` prints one line for each text and the sums.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chikai.policy.importing import outline_of
from chikai.policy.outline import Outline

TEXTS = Path(__file__).parent / "texts"
ALIKE = 0.75


@dataclass
class Counted:
    """What was found of one kind, what should have been, and what agrees."""

    agree: int = 0
    true: int = 0
    found: int = 0

    def add(self, other: Counted) -> None:
        self.agree += other.agree
        self.true += other.true
        self.found += other.found

    @property
    def recall(self) -> float:
        return self.agree / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        return self.agree / self.found if self.found else 1.0


@dataclass
class Score:
    """The score of one text."""

    name: str
    top: tuple[int, int]
    items: Counted = field(default_factory=Counted)
    purposes: Counted = field(default_factory=Counted)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        top = f"clauses {self.top[0]}/{self.top[1]}"
        return "  ".join(
            [
                f"{self.name:<28}{top}",
                *(
                    f"{name} {one.agree}/{one.true} of {one.found}"
                    for name, one in (("items", self.items), ("purposes", self.purposes))
                ),
                *self.wrong,
            ]
        )


def scores(folder: Path) -> Iterator[Score]:
    """The score of each text of a folder that has its truth beside it."""
    for path in sorted(folder.glob("*.json")):
        truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        text = (folder / truth["file"]).read_text(encoding="utf-8")
        yield score(outline_of([(truth["file"], text)]), truth)


def score(outline: Outline, truth: dict[str, Any]) -> Score:
    """The reading of one text against its truth."""
    made = Score(truth["file"], (len(outline.articles), truth["top_level"]))
    made.items = _counted(truth["items"], [one.text for one in outline.items])
    made.purposes = _counted(truth["purposes"], [one.text for one in outline.purposes])
    for kind, day in truth["dates"].items():
        if str(outline.day(kind)) != str(day):
            made.wrong.append(f"{kind}: {outline.day(kind)}")
    for key, said in truth["contact"].items():
        found = getattr(outline.contact, key)
        if said and _plain(said) not in _plain(found) and _plain(found or "?") not in _plain(said):
            made.wrong.append(f"{key}: {found}")
    return made


def _counted(truth: Sequence[str], found: Sequence[str]) -> Counted:
    left = list(found)
    agree = 0
    for said in truth:
        best = max(left, key=lambda one: _alike(said, one), default="")
        if best and _alike(said, best) >= ALIKE:
            left.remove(best)
            agree += 1
    return Counted(agree, len(truth), len(found))


def _alike(one: str, other: str) -> float:
    a, b = _plain(one), _plain(other)
    return 1.0 if a == b else difflib.SequenceMatcher(None, a, b).ratio()


def _plain(text: str) -> str:
    bare = re.sub(r"[\s。、・,;「」()]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?:の|する)?(?:ため|目的)(?:に|の)?$", "", bare)


def main(arguments: Sequence[str]) -> int:
    """Print the scores of a folder."""
    made = list(scores(Path(arguments[0]) if arguments else TEXTS))
    items, purposes = Counted(), Counted()
    for one in made:
        print(one)
        items.add(one.items)
        purposes.add(one.purposes)
    right = sum(one.top[0] == one.top[1] for one in made)
    print(f"clauses right in {right} of {len(made)}")
    for name, sum_ in (("items", items), ("purposes", purposes)):
        print(f"{name}: recall {sum_.recall:.3f}, precision {sum_.precision:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
