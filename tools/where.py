"""`./dev where CLAUSE|NOUN`: the files that carry a clause or a noun, floor by floor.

A clause is asked by its dotted id (`4.1.2`) or as it is printed (`4.1(2)`); a question about `4.1` also finds what
stands below it. A noun (`rights`) finds every file of that name or in a folder of that name, and its tests and pages.
Without a word it lists every clause that a module names.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "chikai"
FLOORS = (
    *("errors", "address", "canon", "clock", "holidays", "keyfile", "law", "spelling", "words"),
    *(
        "policy",
        "choices",
        "ledger",
        "gate",
        "sources",
        "people",
        "rights",
        "anonymise",
        "provision",
    ),
    *("incident", "inquiry", "sdk", "home", "web", "cli"),
)


@dataclass(frozen=True, slots=True)
class Header:
    """What a module says of itself: its first sentence, its clauses (dotted) and its citations."""

    path: Path
    sentence: str
    clauses: tuple[str, ...]
    law: tuple[str, ...]

    @property
    def module(self) -> str:
        """The name that `by = [...]` in a policy uses, such as `gate.meaning`."""
        parts = self.path.relative_to(SRC).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def dotted(word: str) -> str:
    """Turn `4.1(2)`, `4.1（２）` or `4.1.2` into `4.1.2`; other words stay as they are."""
    plain = word.strip().translate(str.maketrans("０１２３４５６７８９（）．", "0123456789()."))
    if not re.fullmatch(r"\d+(\.\d+)*(\(\d+\))*", plain):
        return plain
    return re.sub(r"\((\d+)\)", r".\1", plain)


def tail(doc: str, name: str) -> tuple[str, ...]:
    """Read the words of a `Clauses:` or `Law:` line, which may run over several lines and ends with a full stop."""
    found = re.search(rf"^{name}: (.+?)\.$", doc, re.MULTILINE | re.DOTALL)
    return tuple(" ".join(w.split()) for w in found[1].split(",")) if found else ()


def header(path: Path) -> Header:
    """Read one module's header."""
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    sentence = " ".join(doc.split("\n\n", 1)[0].split())
    clauses = tuple(dotted(c) for c in tail(doc, "Clauses"))
    return Header(path, sentence, clauses, tail(doc, "Law"))


def headers() -> Iterator[Header]:
    """Every module's header, floor by floor, the ground first."""

    def place(path: Path) -> tuple[int, str]:
        room = path.relative_to(SRC).parts[0].removesuffix(".py")
        return (FLOORS.index(room) if room in FLOORS else -1, str(path))

    for path in sorted(SRC.rglob("*.py"), key=place):
        yield header(path)


def holds(asked: str, clauses: tuple[str, ...]) -> bool:
    """Whether one of the clauses is the one asked for, or stands below it."""
    return any(c == asked or c.startswith(asked + ".") for c in clauses)


def named(noun: str) -> Iterator[Path]:
    """Every file that has the noun as its name or as a folder, in source, tests and pages."""
    for top in ("src", "tests", "docs", "examples"):
        for path in sorted((ROOT / top).rglob("*")):
            parts = path.relative_to(ROOT).parts
            known = (
                path.suffix in {".py", ".md", ".html", ".txt", ".sql", ".toml"}
                and "__pycache__" not in parts
            )
            stem = re.split(r"[_.]", parts[-1])
            if known and (noun in parts[1:-1] or noun in stem):
                yield path


def marked(asked: str) -> Iterator[Path]:
    """Tests that are marked with the clause, or named after it."""
    marks = re.compile(r"""mark\.clause\(\s*["']([^"']+)["']""")
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        ids = tuple(dotted(m) for m in marks.findall(path.read_text(encoding="utf-8")))
        if holds(asked, ids) or path.stem == "test_" + asked.replace(".", "_"):
            yield path


def written(asked: str) -> Iterator[Path]:
    """Files in which a named clause, such as `d.made`, stands as a word of its own."""
    word = re.compile(rf"(?<![\w.-]){re.escape(asked)}(?![\w-]|\.\w)")
    for top in ("src", "tests", "docs", "examples"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in {".py", ".md", ".html", ".toml"} and word.search(
                path.read_text(encoding="utf-8")
            ):
                yield path


def _shown(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        show(
            path, header(path).sentence if path.is_relative_to(SRC) and path.suffix == ".py" else ""
        )
        yield path


def show(path: Path, sentence: str = "", law: tuple[str, ...] = ()) -> None:
    """Print one line: the file, what it says, what it cites."""
    cited = f"  [{', '.join(law)}]" if law else ""
    print(f"{path.relative_to(ROOT)!s:44} {sentence}{cited}".rstrip())


def main(words: list[str]) -> int:
    """Answer one question; 1 if nothing carries it."""
    if not words:
        for clause in sorted({c for h in headers() for c in h.clauses}):
            print(f"{clause:8} {', '.join(h.module for h in headers() if clause in h.clauses)}")
        return 0
    if not words[0].strip():
        print("usage: ./dev where [CLAUSE|NOUN], such as 4.1.2 or rights", file=sys.stderr)
        return 2
    asked = dotted(words[0])
    seen: list[Path] = []
    for h in headers():
        if holds(asked, h.clauses):
            show(h.path, h.sentence, h.law)
            seen.append(h.path)
    if not seen and "." in asked and not asked[:1].isdigit():
        seen.extend(_shown(written(asked)))
        if seen:
            return 0
    is_clause = bool(seen) or asked[:1].isdigit()
    for path in marked(asked) if is_clause else named(asked):
        is_source = path.suffix == ".py" and path.is_relative_to(SRC)
        found = header(path) if is_source else None
        show(path, found.sentence if found else "", found.law if found else ())
        seen.append(path)
    if not seen:
        print(f"nothing carries `{words[0]}`", file=sys.stderr)
    return 0 if seen else 1


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    sys.exit(code)
