"""A policy folder of an older format becomes one of this format: each step from one format to the next, in order.

Format 1 is the first, so there is no step yet. A step changes the parsed TOML in place, which keeps comments and layout;
what comes out must load before it takes the file's place. Published editions are never upgraded: their bytes stay.
"""

from __future__ import annotations

import secrets
import shutil
from typing import TYPE_CHECKING, Any, Final

from chikai.errors import ConfigError, PolicyError, PolicyErrors
from chikai.policy import load, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

# By the format that a step starts from.
STEPS: Final[Mapping[int, Callable[[Any], None]]] = {}


def folder(
    path: Path,
    *,
    steps: Mapping[int, Callable[[Any], None]] = STEPS,
    to: int = load.FORMAT,
    check: Callable[[Path], object] = load.read,
) -> tuple[int, int]:
    """Upgrade `policy.toml` of a folder; the formats before and after, equal when there was nothing to do.

    PolicyError where the format is newer than `to`, or where a step is missing; then nothing was written.
    """
    file = path / load.STRUCTURE
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError:
        do = "name a folder that holds `policy.toml`"
        raise PolicyError("there is no `policy.toml`", do, str(path)) from None
    except UnicodeDecodeError:
        raise PolicyError("this is not UTF-8", "save it as UTF-8", str(file)) from None
    root = tables.parse(text, load.STRUCTURE)
    found = root.values.get("format")
    if isinstance(found, int) and not isinstance(found, bool) and 1 <= found <= to:
        if found < to:
            _replace(path, _stepped(text, found, to, steps), check)
        return found, to
    fault = load.format_fault(found, root.place("format"))
    raise PolicyErrors([fault] if fault else [])


def _stepped(text: str, found: int, to: int, steps: Mapping[int, Callable[[Any], None]]) -> str:
    try:
        import tomlkit
    except ImportError:
        raise ConfigError("an upgrade needs tomlkit", "install `chikai[policy]`") from None
    document = tomlkit.parse(text)
    for number in range(found, to):
        if number not in steps:
            raise PolicyError(f"there is no way from format `{number}` to `{number + 1}`")
        steps[number](document)
        document["format"] = number + 1
    return tomlkit.dumps(document)


def _replace(path: Path, text: str, check: Callable[[Path], object]) -> None:
    """Write the new structure beside the prose in a folder of its own, read it, and only then take its place."""
    beside = path.parent / f".{path.name}.{secrets.token_hex(6)}"
    beside.mkdir()
    try:
        for name in load.PROSE:
            shutil.copy(path / name, beside / name)
        (beside / load.STRUCTURE).write_text(text, encoding="utf-8")
        check(beside)
        (beside / load.STRUCTURE).replace(path / load.STRUCTURE)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
