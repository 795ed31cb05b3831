"""What an answer says of a place: that nothing is held only where nothing waits to be decided."""

from datetime import date
from pathlib import Path

from chikai.policy import load
from chikai.rights import letter, page, purposes

POLICY = load.read(Path(__file__).parents[3] / "examples" / "levii").document
MAYBE = "あなたのものかもしれない登録が2件あり、たしかめています"


def said(*places):
    return letter.data(
        POLICY,
        number="2026-0001",
        made_on=date(2026, 11, 26),
        name="",
        places=places,
        until=date(2026, 12, 10),
    )


def test_a_letter_says_that_nothing_is_held_with_its_article():
    found = said(("balus", "nothing", 0, 0), ("kata", "nothing", 0, 0))
    assert "お預かりしていません。個人情報保護法33条3項" in found["lead"][0]
    assert [place[1] for place in found["places"]] == ["あなたの登録はありません"] * 2


def test_a_letter_never_says_nothing_while_a_registration_waits():
    found = said(("balus", "asked", 3, 0), ("kata", "nothing", 0, 2))
    assert "全部で3件" in found["lead"][0]
    assert found["places"][1][1] == MAYBE
    alone = said(("kata", "nothing", 0, 2))["lead"][0]
    assert "お預かりしていません" not in alone
    assert MAYBE in alone


def test_a_place_that_holds_something_and_perhaps_more_says_both():
    assert page.standing("asked", 2) == f"調べました。ほかに、{MAYBE}"


def test_the_purposes_of_nothing_name_their_article():
    answer = purposes.told(POLICY, [purposes.Counted("balus", "balus", "nothing")])
    assert "個人情報保護法32条3項" in answer.lead[0]
    waiting = purposes.told(POLICY, [purposes.Counted("balus", "balus", "nothing", doubts=2)])
    assert MAYBE in waiting.lead[0]
