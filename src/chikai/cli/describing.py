"""The descriptions of HTTP services: the packaged templates, a file of one's own, and what a service or folder must allow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from chikai import home as homes
from chikai.errors import BadInput
from chikai.sources import http_api

if TYPE_CHECKING:
    from chikai.sources.config import SourceConfig

_FOLDER: Final = Path(http_api.__file__).parent / "templates"
TEMPLATES: Final = tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


def text_of(template: str | None, file: Path | None) -> str:
    """The text of a template, or of a file; it is read as a description before it is kept."""
    source = _FOLDER / f"{template}.toml" if template else file
    assert source is not None
    try:
        text = source.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput("the description cannot be read", "check the file", str(source)) from None
    http_api.parse(text, str(source))
    return text


def put(file: Path, text: str) -> None:
    """Keep a description below the installation's folder."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    homes.write(file, text)


def needed(config: SourceConfig) -> str:
    """What has to be given to us there, in plain words."""
    if config.kind == "folder":
        rights = "read" if config.mode == "observe" else "read and write"
        return f"what it needs: our account may {rights} the folder `{config.path}` and its files"
    api = http_api.read(Path(config.api))
    verbs = ["read"]
    if config.mode != "observe":
        verbs += [
            verb
            for verb in ("write", "erase")
            if any(getattr(t, verb) for t in api.tables.values())
        ]
    tables = ", ".join(f"`{name}`" for name in api.tables)
    return f"what it needs: a key that may {' and '.join(verbs)} {tables} there, and nothing more"
