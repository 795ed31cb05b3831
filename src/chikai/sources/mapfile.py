"""A map as a file that people finish by hand: read with all its faults, written so that their edits stay.

`maptext` knows the notation, `edits` puts a proposal or a decision into a text that exists, `checks` says what is left.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from chikai.errors import BadInput
from chikai.sources.checks import check
from chikai.sources.edits import merged
from chikai.sources.map import Map
from chikai.sources.maptext import MapErrors, parse, text
from chikai.sources.scan import Proposal

__all__ = ["MapErrors", "check", "merged", "parse", "read", "text", "write"]


def read(path: Path) -> Map:
    """The map in a file.

    Raises:
        BadInput: the file cannot be read.
        MapErrors: its content is wrong; each fault carries file and line.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"the map cannot be read ({type(error).__name__})", "check the file", str(path)
        )
    return parse(content, where=str(path))


def write(what: Map | Proposal, path: Path | None = None) -> str:
    """The text of a map; with a path it is also put there at once or not at all.

    Where the file exists, its comments stay. A proposal gives way to what the file decides: it only adds new tables
    and columns and fills `?`. A map is a decision: its values replace those of the file.
    """
    if path is None or not path.exists():
        content = text(what)
    else:
        content = merged(path.read_text(encoding="utf-8"), what)
    if path is not None:
        _put(path, content)
    return content


def _put(path: Path, content: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            Path(name).chmod(path.stat().st_mode & 0o777)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
