"""`python -m tools.mechanisms`: write each clause's `by` in the example's policy from the headers of the modules.

The house tests hold both equal; this keeps hands off the list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from tools import where

POLICY: Final = where.ROOT / "examples" / "levii" / "policy.toml"
WIDEST: Final = 100
_CLAUSE: Final = re.compile(r'\[\[clause\]\]\nid = "([^"]+)"\nby = \[[^\]]*\]\n')


def main() -> None:
    """Rewrite the file where it differs, and say how many clauses have a mechanism."""
    named: defaultdict[str, list[str]] = defaultdict(list)
    for header in where.headers():
        for clause in header.clauses:
            named[clause].append(header.module)

    def entry(match: re.Match[str]) -> str:
        modules = [f'"{module}"' for module in sorted(named[match[1]])]
        line = f"by = [{', '.join(modules)}]"
        if len(line) > WIDEST:
            line = "by = [\n" + "".join(f"  {module},\n" for module in modules) + "]"
        return f'[[clause]]\nid = "{match[1]}"\n{line}\n'

    before = POLICY.read_text(encoding="utf-8")
    after = _CLAUSE.sub(entry, before)
    if after != before:
        POLICY.write_text(after, encoding="utf-8")
    kept = sum(bool(named[clause]) for clause in _CLAUSE.findall(after))
    print(
        f"{kept} clauses name a mechanism; {POLICY.name} {'changed' if after != before else 'stands'}"
    )


if __name__ == "__main__":
    main()
