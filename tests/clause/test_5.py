"""5: whoever asks is stopped by a setting, in whole or in part, and disclosed or corrected on request."""

import pytest

from chikai import clock
from chikai.errors import BadInput, RequestRefused
from chikai.policy import stored
from chikai.web.actions import PERSON, choices
from chikai.web.actions import rights as actions
from chikai.web.models import Edition, Request
from chikai.web.models.choices import Copy, feed_number
from chikai.web.models.switches import acknowledged, choices_of
from chikai.web.work import engine
from tests.web import asking

pytestmark = [
    pytest.mark.own_state,
    pytest.mark.clause("5"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(urls):
    return asking.settle(urls)


def lines(person):
    return {line.unit: line for line in choices_of(person.pk) if line.unit}


def is_used(person, purpose, item):
    """Whether no switch of hers holds an item back from a purpose."""
    cells = {cell.unit: cell for line in choices_of(person.pk) for cell in line.cells}
    cell = cells[f"cell:{purpose}/{item}"]
    held_item = lines(person)[f"item:{item}"].is_stopped
    return not (cell.is_stopped or cell.held_by or held_item)


def test_one_press_stops_all_of_it_and_no_ground_is_asked(her):
    event = choices.stop(PERSON, her.pk, "everything")
    assert set(event.facts) == {"unit", "v"}, "there is no field for a reason"
    assert lines(her)["everything"].is_stopped


def test_one_press_stops_a_part_and_leaves_the_rest(her):
    choices.stop(PERSON, her.pk, "cell:guidance/email")
    assert not is_used(her, "guidance", "email")
    assert is_used(her, "billing", "email")
    choices.stop(PERSON, her.pk, "item:email")
    assert not is_used(her, "billing", "email")
    assert is_used(her, "billing", "name")


def test_every_purpose_can_be_stopped_but_those_that_a_law_asks_for(her):
    policy = stored.document(bytes(Edition.objects.current().canonical))
    for purpose in policy.purposes:
        if purpose.stop == "law":
            with pytest.raises(RequestRefused, match="law"):
                choices.stop(PERSON, her.pk, f"purpose:{purpose.id}")
        else:
            choices.stop(PERSON, her.pk, f"purpose:{purpose.id}")
            assert lines(her)[f"purpose:{purpose.id}"].is_stopped


def test_it_is_promptly_told_to_each_service_and_the_page_says_to_how_many(her):
    now = clock.now()
    event = choices.stop(PERSON, her.pk, "purpose:guidance")
    Copy.objects.create(service="balus", name="one", v=event.facts["v"], heard_at=now)
    Copy.objects.create(service="kata", name="one", v=event.facts["v"] - 1, heard_at=now)
    heard = acknowledged(event.facts["v"], now)
    assert (heard.k, heard.n, heard.everywhere) == (1, 2, False)


def test_a_request_to_stop_ends_in_the_same_state_as_the_press(her):
    request = asking.ask(her, kind="suspend", asked={"items": "email"})
    engine.drain()
    request.refresh_from_db()
    assert request.state == "answered", "no officer stands between a person and a stop"
    by_request = lines(her)["item:email"]
    assert by_request.is_stopped
    assert request.steps.get().found["v"] == feed_number()
    choices.resume(PERSON, her.pk, "item:email")
    assert not lines(her)["item:email"].is_stopped


def test_disclosure_is_asked_for_in_one_step_and_correction_with_the_right_words(her):
    assert asking.ask(her).state == "identified"
    for kind, asked in (
        ("correct", {"items": "email", "wrong": "a@x.example", "right": "b@x.example"}),
        ("add", {"items": "workplace", "right": "本郷"}),
        ("delete", {"items": "workplace", "wrong": "神田"}),
    ):
        request = asking.ask(her, kind=kind, asked=asked)
        assert actions.read_asked(request) == asked
    with pytest.raises(BadInput, match="what should stand there"):
        asking.ask(her, kind="correct", asked={"items": "email", "wrong": "a@x.example"})
    assert Request.objects.count() == 4
