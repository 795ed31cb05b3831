"""Whatever item or purpose of a published policy is widened in its text, the comparison says so, with what it needs."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chikai.policy import change, sketch
from chikai.policy.importing import outline_of
from tests.policies.framed import HERE

if TYPE_CHECKING:
    from chikai.policy.change import Change
    from chikai.policy.outline import FoundItem, FoundPurpose, Outline

TEXTS = sorted(one.name for one in (HERE / "texts").iterdir() if one.suffix in {".txt", ".md"})
_END = re.compile(r"(?:のため|ため|。|します|する|等|など)*$")


@cache
def read(name: str) -> Outline:
    return outline_of([(name, (HERE / "texts" / name).read_text(encoding="utf-8"))])


def widened(name: str, one: FoundItem | FoundPurpose, more: str) -> tuple[Change, ...]:
    """What a comparison says once more stands behind an item or a purpose of a text."""
    ((_, text),) = read(name).sources
    end = one.span.start + (_END.search(one.text) or _END.match("")).start()  # type: ignore[union-attr]
    new = sketch.of(outline_of([(name, text[:end] + more + text[end:])]))
    old = sketch.of(read(name))
    return change.between(old, sketch.alike(old, new))


def unbroken(name: str, found: tuple[FoundItem, ...] | tuple[FoundPurpose, ...]) -> list:  # type: ignore[type-arg]
    ((_, text),) = read(name).sources
    return [one for one in found if text[one.span.start : one.span.end] == one.text]


@pytest.mark.clause("8")
@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(TEXTS), data=st.data())
def test_a_widened_item_is_told(name: str, data: st.DataObject) -> None:
    if items := unbroken(name, read(name).items):
        told = widened(name, data.draw(st.sampled_from(items)), "及び旅券番号")
        kinds = {one.kind for one in told}
        assert kinds & {"category_added", "category_widened"}, told


@pytest.mark.clause("8")
@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(TEXTS),
    more=st.sampled_from(["及び広告の配信", "、第三者の広告の配信"]),
    data=st.data(),
)
def test_a_widened_purpose_waits_for_an_officer(name: str, more: str, data: st.DataObject) -> None:
    if purposes := unbroken(name, read(name).purposes):
        told = widened(name, data.draw(st.sampled_from(purposes)), more)
        assert "decision" in {one.needs for one in told}, told
