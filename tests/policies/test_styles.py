"""Policies in many voices are read as a reader reads them, however their lines and signs are printed."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from chikai.policy.importing import outline_of
from tests.policies.framed import HERE

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = {
    case["name"]: case
    for name in ("styles.toml", "styles_more.toml")
    for case in tomllib.loads((HERE / name).read_text(encoding="utf-8"))["case"]
}
WIDE = {ord("0") + i: 0xFF10 + i for i in range(10)}


def wide(text: str) -> str:
    """The numbers at the beginning of lines in full width."""
    return re.sub(r"(?m)^[ 　]*第?[0-9]{1,2}(?=[.．条　])", lambda m: m[0].translate(WIDE), text)


def narrow(text: str) -> str:
    """Every digit and bracket in half width."""
    plain = {wide_digit: digit for digit, wide_digit in WIDE.items()}
    return text.translate({**plain, ord("（"): "(", ord("）"): ")", ord("．"): "."})


def wrapped(text: str) -> str:
    """Every long line cut at 40 signs, as a column cuts it; no word of Latin letters is cut."""
    return "\n".join(
        line
        if line.startswith("|")
        else "\n".join(re.findall(r".{1,40}(?<![A-Za-z])|.{1,40}", line)) or line
        for line in text.split("\n")
    )


def windows(text: str) -> str:
    """The line ends of Windows."""
    return text.replace("\n", "\r\n")


def spaced(text: str) -> str:
    """Two empty lines in place of each one."""
    return text.replace("\n\n", "\n\n\n")


def bare(text: str) -> str:
    """The bullets left out."""
    return re.sub(r"(?m)^[・*-] ?(?=[^-|*\s])", "", text)


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "wide": wide,
    "narrow": narrow,
    "wrapped": wrapped,
    "windows": windows,
    "spaced": spaced,
    "bare": bare,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CASES)
def test_a_policy_is_read_alike_in_every_print(name: str, form: str) -> None:
    case = CASES[name]
    if case.get("html") and form in {"wrapped", "wide", "bare"}:
        form = "plain"  # a page has no columns and no signs of its own
    found = outline_of([("p.txt", FORMS[form](case["text"]))])
    said = [FORMS[form](item) for item in case["items"]]
    assert [node.title or node.text.replace("\n", "") for node in found.articles] == [
        narrow_as(form, t) for t in case["articles"]
    ]
    assert [one.text for one in found.items] == said
    assert [one.text for one in found.purposes] == [
        narrow_as(form, one) for one in case["purposes"]
    ]


def narrow_as(form: str, text: str) -> str:
    """What the text says, in the signs of this form."""
    return narrow(text) if form == "narrow" else text
