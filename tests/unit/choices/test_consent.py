"""An answer counts when it is an act on words that were shown."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from chikai.choices import consent
from chikai.choices.consent import Answer, Question
from chikai.choices.registry import Registry, Toggle
from chikai.errors import BadInput, WrongState

REGISTRY = Registry(
    (
        Toggle(0, "held", default=True),
        Toggle(1, "purpose", ("course",)),
        Toggle(2, "consent", ("manabi", "course")),
        Toggle(3, "consent", ("old", "course"), retired=True),
    ),
    ("sha256:edition",),
)
ASKED = Question(2, "sha256:edition", "sha256:" + "0" * 64, "ja")
YES = Answer(ASKED, UUID(int=1), True, "button", datetime(2026, 11, 22, 9, 0, tzinfo=UTC))


def test_a_yes_sets_the_bit_and_taking_it_back_clears_it():
    given = consent.effect(REGISTRY, YES)
    taken_back = consent.effect(REGISTRY, replace(YES, agrees=False))
    assert given.on(0) == 0b100
    assert taken_back.on(given.on(0)) == 0


@pytest.mark.parametrize(
    "question",
    [
        replace(ASKED, text=""),
        replace(ASKED, text="the words themselves"),
        replace(ASKED, edition="sha256:another"),
    ],
)
def test_an_answer_to_words_that_are_not_known_is_none(question):
    with pytest.raises(BadInput):
        consent.effect(REGISTRY, replace(YES, question=question))


def test_silence_is_no_answer():
    with pytest.raises(BadInput, match="act of the person"):
        consent.effect(REGISTRY, replace(YES, means="silence"))


def test_an_answer_without_a_moment_is_none():
    with pytest.raises(BadInput, match="time zone"):
        consent.effect(REGISTRY, replace(YES, at=datetime(2026, 11, 22)))  # noqa: DTZ001


@pytest.mark.parametrize("bit", [0, 1, 99, -1])
def test_only_a_consent_is_asked_for(bit):
    with pytest.raises(WrongState):
        consent.effect(REGISTRY, replace(YES, question=replace(ASKED, bit=bit)))


def test_a_consent_that_is_not_asked_any_more_can_only_be_taken_back():
    old = replace(YES, question=replace(ASKED, bit=3))
    with pytest.raises(WrongState):
        consent.effect(REGISTRY, old)
    assert consent.effect(REGISTRY, replace(old, agrees=False)).clears == (3,)
