"""Precision and recall of each rule on the texts of lint_*.toml: `python -m tests.policies.lint_score`."""

from __future__ import annotations

import sys
from collections import Counter

from tests.policies import framed


def main() -> int:
    """Print one line for each rule, and what went wrong."""
    right, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for rule, section, title, text, expected in framed.cases():
        for style in framed.STYLES:
            found = rule in framed.rules_of(framed.framed(section, title, text, style))
            if found and expected:
                right[rule] += 1
            elif expected:
                missed[rule] += 1
                print(f"{rule} missed ({style}): {text[:70]!r}")
            elif found:
                wrong[rule] += 1
                print(f"{rule} wrong ({style}): {text[:70]!r}")
    for rule in sorted(right | missed | wrong):
        hits = right[rule]
        precision = hits / (hits + wrong[rule]) if hits + wrong[rule] else 1.0
        recall = hits / (hits + missed[rule]) if hits + missed[rule] else 1.0
        print(f"{rule}  precision {precision:.2f}  recall {recall:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
