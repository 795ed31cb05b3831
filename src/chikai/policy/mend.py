"""Mendings of a policy folder that stands: a clause worded anew, a finding accepted, the structure written after a change.

Everything else of the files stays byte for byte, comments and page breaks included; only a change of the structure writes
its file anew. What comes out is read before it
takes the place of the old file, so that a mending either reads or changes nothing.

Clauses: 1.1.
"""

from __future__ import annotations

import json
import secrets
import shutil
from typing import TYPE_CHECKING

from chikai.errors import BadInput, PolicyError, PolicyErrors, WrongState
from chikai.policy import load, prose, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from chikai.policy.document import Document
    from chikai.policy.load import Accepted, Draft


def words_of(folder: Path, clause: str) -> dict[str, str]:
    """The text of a clause as each prose file has it, by file name; PolicyError where there is no such clause."""
    found = {}
    for name in load.PROSE:
        said = prose.raw(_read(folder / name), clause)
        if said is None:
            raise PolicyError(f"clause `{clause}` is not in `{name}`", "name a clause of the draft")
        found[name] = said
    return found


def reword(folder: Path, clause: str, words: dict[str, str]) -> Draft:
    """Put other words in the place of a clause's; `words` gives them by file name."""
    files = {
        name: prose.reworded(_read(folder / name), clause, said) for name, said in words.items()
    }
    return _replace(folder, files)


def accept(folder: Path, accepted: Accepted) -> Draft:
    """Add a finding to those that the operator knows and publishes with; BadInput without a reason."""
    reason = accepted.reason
    if not (reason.ja.strip() or reason.en.strip()):
        raise BadInput("an accepted finding gives its reason", "write why it is published so")
    words = {key: json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f") for key, text in (
        ("rule", accepted.rule), ("clause", accepted.clause), ("ja", reason.ja), ("en", reason.en),
    )}  # fmt: skip
    block = (
        f"\n[[accepted]]\nrule = {words['rule']}\nclause = {words['clause']}\n"
        f"[accepted.reason]\nja = {words['ja']}\nen = {words['en']}\n"
    )
    return _replace(
        folder, {load.STRUCTURE: _read(folder / load.STRUCTURE).rstrip("\n") + "\n" + block}
    )


def restructure(
    folder: Path, seen: str, change: Callable[[Document], Document]
) -> tuple[Draft, Path | None]:
    """Write the structure anew after a change; the draft, and where the old file is kept if it held words of its own.

    `seen` is the digest of the document that the change was made for; WrongState where the files say another by now.
    """
    draft = load.read(folder)
    if draft.document.digest != seen:
        raise WrongState("the files have changed since the page was shown", "look at it again")
    before = _read(folder / load.STRUCTURE)
    text = write.structure(change(draft.document), draft.accepted)
    kept = None
    if before != write.structure(draft.document, draft.accepted):
        # Comments and layout of a person are not part of the policy, and do not come back from it.
        kept = _keep(folder, (load.STRUCTURE,))
    try:
        return _replace(folder, {load.STRUCTURE: text}), kept
    except (PolicyError, BadInput):
        if kept is not None:
            shutil.rmtree(kept, ignore_errors=True)
        raise


def begin(folder: Path, files: dict[str, str]) -> tuple[Draft, Path | None]:
    """Put a whole new draft in place of the old one, which is kept beside it; the draft, and where the old one is."""
    standing = [n for n in (load.STRUCTURE, *load.PROSE) if (folder / n).exists()]
    kept: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if standing:
            kept = _keep(folder, standing)
        return _replace(folder, files), kept
    except (PolicyErrors, PolicyError, BadInput):
        if kept is not None:
            shutil.rmtree(kept, ignore_errors=True)
        raise
    except OSError as fault:
        do = "let the server write beside the folder of the policy"
        raise BadInput(f"the draft cannot be written (`{fault.strerror}`)", do) from None


def _keep(folder: Path, names: Iterable[str]) -> Path:
    """Copy files of the folder into one beside it."""
    kept = folder.parent / f"{folder.name}-before-{secrets.token_hex(4)}"
    try:
        kept.mkdir()
        for name in names:
            shutil.copy(folder / name, kept / name)
    except OSError as fault:
        do = "let the server write beside the folder of the policy"
        raise BadInput(f"the draft cannot be written (`{fault.strerror}`)", do) from None
    return kept


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise PolicyError(
            "the file cannot be read", "see `chikai policy lint`", file.name
        ) from None


def _replace(folder: Path, files: dict[str, str]) -> Draft:
    """Write files beside the folder with those that stay, read them, and let them take their places."""
    beside = folder.parent / f".{folder.name}.{secrets.token_hex(6)}"
    try:
        beside.mkdir()
        for name in (load.STRUCTURE, *load.PROSE):
            if name in files:
                (beside / name).write_bytes(files[name].encode())
            else:
                shutil.copy(folder / name, beside / name)
        draft = load.read(beside)
        for name in files:
            (beside / name).replace(folder / name)
    except OSError as fault:
        do = "let the server write to the folder of the policy, or mend the file by hand"
        raise BadInput(f"the draft cannot be written (`{fault.strerror}`)", do) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return draft
