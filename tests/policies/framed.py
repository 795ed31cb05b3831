"""One text put into a whole policy, in the styles in which policies are written."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chikai.policy import lint
from chikai.policy.importing.reading import outline_of

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
STYLES: Final = ("articles", "numbers", "brackets", "headings")


def base() -> dict[str, tuple[str, str]]:
    """Title and text of each section of the policy in which nothing is found."""
    read = tomllib.loads((HERE / "base.toml").read_text(encoding="utf-8"))
    return {s["id"]: (s["title"], s["text"].strip("\n")) for s in read["section"]}


def cases(files: str = "lint_*.toml") -> Iterator[tuple[str, str, str, str, bool]]:
    """Rule, section, title, text, and whether the rule must find something."""
    for file in sorted(HERE.glob(files)):
        for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]:
            for expected in ("yes", "no"):
                for text in case[expected]:
                    yield (
                        case["rule"],
                        case["in"],
                        case.get("title", ""),
                        text.strip("\n"),
                        expected == "yes",
                    )


def framed(section: str, title: str, text: str, style: str = "articles") -> str:
    """The whole policy with one section replaced, or without it where the text is empty.

    "pre without items" replaces the one and leaves out the other.
    """
    parts, number = ["プライバシーポリシー"], 0
    section, *left_out = section.split(" without ")
    for id_, (its_title, its_text) in base().items():
        name, words = (title or its_title, text) if id_ == section else (its_title, its_text)
        if not words or id_ in left_out:
            continue
        if not name:
            parts.append(words)
            continue
        number += 1
        head = {
            "articles": f"第{number}条（{name}）",
            "numbers": f"{number}. {name}",
            "brackets": f"【{name}】",
            "headings": f"## {name}",
        }[style]
        parts.append(f"{head}\n{words}")
    return "\n\n".join(parts) + "\n"


def rules_of(text: str) -> set[str]:
    """The rules that find something in a text."""
    return {f.rule for f in lint.of_text(outline_of([("policy.txt", text)]))}
