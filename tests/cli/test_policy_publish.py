"""`chikai policy publish` publishes no change that an officer has to decide about, unless it is told what was decided."""

import pytest

from tests.clause.test_8 import NEW, RELATED
from tests.unit.policy.conftest import LEVII

NEXT = str(LEVII / "next")
REASON = "同じことを具体的に書いた。"


def decided(*words):
    return [part for about in words for part in ("--decide", about, "--reason", REASON)]


@pytest.mark.clause("8")
def test_an_edition_is_published_with_its_decisions_and_not_without(installed):
    assert installed("policy", "publish").code == 0, "the first edition asks for none"
    refused = installed("policy", "publish", NEXT)
    assert refused.code == 2
    for about in (NEW, *RELATED):
        assert f"{about}: " in refused.err
    assert "related|unrelated" in refused.err
    half = decided(f"{NEW}=unrelated")
    assert installed("policy", "publish", NEXT, *half).code == 2, "one answer is not all"
    every = decided(f"{NEW}=unrelated", *(f"{purpose}=related" for purpose in RELATED))
    assert installed("policy", "publish", NEXT, *every[:-2]).code == 2, "a decision has its reason"
    assert installed("policy", "publish", NEXT, *every).code == 0
    assert installed("policy", "publish", NEXT, *every).code == 4, "it is published already"
    announced = installed("policy", "announce", "--no-mail")
    assert announced.code == 0
    assert "1 questions" in announced.out, "what was decided is known from then on"


@pytest.mark.clause("8")
def test_an_answer_that_is_not_asked_publishes_nothing(installed):
    assert installed("policy", "publish").code == 0
    for words in (f"{NEW}=perhaps", NEW, f"{NEW}=wording", "nobody=related"):
        every = decided(words, *(f"{purpose}=related" for purpose in RELATED))
        assert installed("policy", "publish", NEXT, *every).code == 2, words
    blank = ["--decide", f"{NEW}=related", "--reason", " "]
    blank += decided(*(f"{purpose}=related" for purpose in RELATED))
    assert installed("policy", "publish", NEXT, *blank).code == 2


@pytest.mark.clause("8")
def test_a_promise_that_turns_is_not_published_by_the_command_alone(installed):
    assert installed("policy", "publish").code == 0
    ja = installed.path / "policy" / "ja.md"
    ja.write_text(ja.read_text("utf-8").replace("提供致しません", "提供致します"), "utf-8")
    refused = installed("policy", "publish")
    assert refused.code == 2
    assert "A promise was turned" in refused.err
    assert "standing|lawful|agreed" in refused.err
    about = next(line for line in refused.err.splitlines() if "turned" in line).split(":")[0]
    told = installed("policy", "publish", *decided(f"{about.strip()}=agreed"))
    assert told.code == 0
