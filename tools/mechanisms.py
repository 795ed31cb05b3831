"""`python -m tools.mechanisms`: write each clause's `by` in the example's policies from the headers of the modules.

The house tests hold both equal; this keeps hands off the list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from tools import where

LEVII: Final = where.ROOT / "examples" / "levii"
POLICIES: Final = (LEVII / "policy.toml", LEVII / "next" / "policy.toml")
WIDEST: Final = 100
_CLAUSE: Final = re.compile(r'\[\[clause\]\]\nid = "([^"]+)"\nby = \[[^\]]*\]\n')


def main() -> None:
    """Rewrite the files where they differ, and say how many clauses have a mechanism."""
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

    for policy in POLICIES:
        before = policy.read_text(encoding="utf-8")
        after = _CLAUSE.sub(entry, before)
        if after != before:
            policy.write_text(after, encoding="utf-8")
        kept = sum(bool(named[clause]) for clause in _CLAUSE.findall(after))
        name, said = policy.relative_to(where.ROOT), "changed" if after != before else "stands"
        print(f"{kept} clauses name a mechanism; {name} {said}")


if __name__ == "__main__":
    main()
