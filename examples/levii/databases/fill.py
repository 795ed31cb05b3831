"""The command that fills the example's databases: python -m examples.levii.databases.fill --to URL.

Import `fill` from the package, never this module: importing it would put the module in the function's place.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from examples.levii import databases

DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}


def main(words: list[str] | None = None) -> int:
    """Fill one service's database or all four, and print what was written."""
    parser = argparse.ArgumentParser(prog="python -m examples.levii.databases.fill")
    parser.add_argument("--people", type=int, default=2000, help="how many people (default 2000)")
    parser.add_argument("--seed", type=int, default=2025, help="other seed, other people")
    parser.add_argument(
        "--to", required=True, help="URL without a password; {service} becomes the name"
    )
    parser.add_argument(
        "--password-file", type=Path, help="a file whose first line is the password"
    )
    parser.add_argument("--service", choices=databases.SERVICES, help="only this one")
    options = parser.parse_args(words)
    services = (options.service,) if options.service else databases.SERVICES
    if len(services) > 1 and "{service}" not in options.to:
        parser.error("--to must contain {service}, since each service has a database of its own")
    try:
        for service in services:
            _fill_one(_url(options.to, service, options.password_file), service, options)
    except (ArgumentError, databases.NotEmptyError, OSError, SQLAlchemyError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _url(template: str, service: str, password_file: Path | None) -> URL:
    url = make_url(template.replace("{service}", service))
    if url.password is not None:
        # Every user of the machine can read the words of a command.
        raise ValueError("give the password by --password-file, not in the URL")
    if password_file is not None:
        lines = password_file.read_text(encoding="utf-8").splitlines()
        url = url.set(password=lines[0] if lines else "")
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


def _fill_one(url: URL, service: str, options: argparse.Namespace) -> None:
    engine = create_engine(url)
    start = time.monotonic()
    try:
        counts = databases.fill(engine, service, people=options.people, seed=options.seed)
    finally:
        engine.dispose()
    seconds = time.monotonic() - start
    print(f"{service}: {sum(counts.values()):,} rows in {seconds:.1f} s")
    for table, count in counts.items():
        print(f"  {table:<20} {count:>12,}")


if __name__ == "__main__":
    raise SystemExit(main())
