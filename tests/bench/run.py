"""`./dev bench [NAME ...]`: run the modules `bench_*.py`, print a table, write `var/bench/NAME.json`.

Each module has `rows()`, which gives its rows one after another; ours and the peer's are measured side by side. The
machine's load and cores are noted, since a ratio on a busy machine is worth less. Leaves 1 if a promise is not kept,
2 if there is no such benchmark.
"""

import argparse
import importlib
import json
import os
import platform
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.rows import Row

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "var" / "bench"
BUSY = 0.5  # load per core above which a warning is printed


def known() -> list[str]:
    """The names of all benchmarks."""
    return sorted(p.stem.removeprefix("bench_") for p in HERE.glob("bench_*.py"))


def number(value: float) -> str:
    """Four digits that count."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def line(row: Row) -> str:
    """One row of the table."""
    goal = "" if row.goal is None else f"  goal {number(row.goal)}x"
    kept = "" if row.goal is None else ("  ok" if row.holds else "  MISSED")
    theirs = f"{row.against} {number(row.theirs)}"
    return f"  {row.name:44} {number(row.ours):>10} {row.unit:10} {theirs:32} {number(row.ratio):>8}x{goal}{kept}"


def run(name: str) -> list[Row]:
    """Run one benchmark, print its rows as they come, and write its file."""
    before = os.getloadavg()
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    print(f"{name}  (load {before[0]:.2f}, {cores} cores)")
    if before[0] > BUSY * cores:
        print("  the machine is busy; the ratios are worth less")
    module: Any = importlib.import_module(f"tests.bench.bench_{name}")
    rows: list[Row] = []
    start = time.monotonic()
    for row in module.rows():
        rows.append(row)
        print(line(row), flush=True)
    OUT.mkdir(parents=True, exist_ok=True)
    said = {
        "name": name,
        "load": list(before),
        "load_after": list(os.getloadavg()),
        "cores": cores,
        "python": platform.python_version(),
        "seconds": round(time.monotonic() - start, 1),
        "rows": [asdict(row) for row in rows],
    }
    (OUT / f"{name}.json").write_text(
        json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    return rows


def main() -> int:
    """Run what is named, or everything."""
    ask = argparse.ArgumentParser(prog="./dev bench", description="Ratios against the peers.")
    ask.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known()) or "none yet")
    names = ask.parse_args().names or known()
    if not names or (unknown := set(names) - set(known())):
        wrong = ", ".join(sorted(unknown)) if names else "nothing to run"
        print(f"no such benchmark: {wrong}; known: {', '.join(known()) or 'none'}", file=sys.stderr)
        return 2
    return 0 if all(row.holds for name in names for row in run(name)) else 1


if __name__ == "__main__":
    sys.exit(main())
