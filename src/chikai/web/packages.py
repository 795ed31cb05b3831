"""The files of requests: gathered parts and packages, sealed under each request's own key, readable by us only.

`released.open_package` gives a released package's bytes to the person's page.

Clauses: 1.2, 6.
Law: APPI Art. 23, APPI Art. 33(2).
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from uuid import UUID

from django.conf import settings

from chikai.errors import WrongState
from chikai.rights import sealed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from chikai.web.models import Request

FEW: Final = 8  # more files than these are confirmed by one call for all
WHOM: Final = "whom"
PACKAGE: Final = "package"  # the name's beginning; behind it stands which taking wrote it


def folder(request: Request | UUID) -> Path:
    """The folder of a request's files; it need not be there."""
    id_ = request if isinstance(request, UUID) else request.pk
    home: Path = settings.HOME.path
    return home / "packages" / id_.hex


class Writing:
    """A sealed file of a request, whole or not at all; its name says what it is and nothing of anybody."""

    def __init__(self, request: Request | UUID, name: str, key: bytes) -> None:
        self._request, self._key = request, key
        self._place, self.name = folder(request), name
        self._handle: IO[bytes] | None = None
        self._file: sealed.Sealing | None = None

    @property
    def _fresh(self) -> Path:
        return self._place / f".{self.name}.fresh"

    def open(self) -> sealed.Sealing:
        """Begin it; the folder is made when it is not there."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            descriptor = os.open(self._fresh, flags, 0o600)
        except FileNotFoundError:
            for place in (self._place.parent, self._place):
                place.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(self._fresh, flags, 0o600)
        except FileExistsError:  # a worker that ended left it
            self._fresh.unlink()
            descriptor = os.open(self._fresh, flags, 0o600)
        self._handle = os.fdopen(descriptor, "wb")
        named = context(self._request, self.name)
        self._file = sealed.Sealing(self._handle, self._key, named)
        return self._file

    def keep(self, *, sure: bool = True) -> None:
        """End it and give it its name; `sure` lets the disk confirm it, else the caller does for many (`confirm`)."""
        if self._file is None or self._handle is None:
            return
        self._file.finish(sure=sure)
        self._handle.close()
        self._fresh.replace(self._place / self.name)
        if sure:
            _settle(self._place)
        self._file = None

    def drop(self) -> None:
        """Leave nothing of what was not kept."""
        if self._file is not None and self._handle is not None:
            self._handle.close()
            self._fresh.unlink(missing_ok=True)
            self._file = None


def confirm(requests: Collection[UUID], names: Collection[str]) -> None:
    """Let the disk confirm files that were kept without; for many at once by one call that waits for all of them."""
    if len(requests) > FEW:
        os.sync()
        return
    for id_ in requests:
        files = [file for name in names if (file := folder(id_) / name).exists()]
        try:
            for place in (*files, folder(id_)):
                _settle(place)
        except OSError:
            for file in files:
                file.unlink()
            raise


@contextmanager
def writing(
    request: Request | UUID, name: str, key: bytes, *, sure: bool = True
) -> Iterator[sealed.Sealing]:
    """A sealed file of a request, kept when the block ends well."""
    file = Writing(request, name, key)
    try:
        yield file.open()
        file.keep(sure=sure)
    finally:
        file.drop()


def spool() -> Path:
    """Where a package's larger tables wait while it is written; the files there have no name."""
    home: Path = settings.HOME.path
    place = home / "packages"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


@contextmanager
def reading(request: Request | UUID, name: str, key: bytes) -> Iterator[sealed.Unsealing]:
    """A sealed file as it was; WrongState when it is not there."""
    try:
        handle = (folder(request) / name).open("rb")
    except FileNotFoundError:
        raise WrongState("a file of this request is gone", "gather it again") from None
    with handle:
        yield sealed.Unsealing(handle, key, context(request, name))


def drop(request: Request | UUID, *, keep: str = "") -> None:
    """Remove the files of a request, but one that is kept."""
    place = folder(request)
    if not keep:
        shutil.rmtree(place, ignore_errors=True)
        return
    for file in place.iterdir() if place.exists() else ():
        if file.is_dir():
            shutil.rmtree(file, ignore_errors=True)
        elif file.name != keep:
            file.unlink(missing_ok=True)


def drop_whom(request: UUID) -> None:
    """Let go of what was read of whom a request is about: who that is was put right, so it is read anew."""
    (folder(request) / WHOM).unlink(missing_ok=True)


def all_ids() -> list[UUID]:
    """The requests that have files."""
    home: Path = settings.HOME.path
    found = (home / "packages").iterdir() if (home / "packages").exists() else ()
    return [UUID(p.name) for p in found if re.fullmatch(r"[0-9a-f]{32}", p.name)]


def _settle(place: Path) -> None:
    """Let the disk confirm what a file holds, or that its name is in a folder."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def context(request: Request | UUID, name: str) -> str:
    """What a file is sealed to: its request and its name."""
    return f"{request if isinstance(request, UUID) else request.pk}|{name}"
