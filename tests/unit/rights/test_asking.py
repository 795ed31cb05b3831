"""What a kind of request asks of the person, and by which reasons and delays it is bound."""

from datetime import UTC, date, datetime

import pytest

from chikai import law
from chikai.errors import BadInput, WrongState
from chikai.rights import asking, extension, identity, reasons, request

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def test_every_kind_of_the_policy_has_a_form():
    assert set(asking.ASKING) == set(request.KINDS)
    for kind in asking.ASKING.values():
        assert law.cite(kind.cite).checked


@pytest.mark.parametrize("kind", request.KINDS)
def test_no_form_asks_more_than_it_may(kind):
    most = asking.MOST_FOR_A_STOP if kind in asking.STOPS else asking.MOST
    assert len(asking.asking(kind).fields) <= most


@pytest.mark.parametrize("kind", ["correct", "add", "delete", "suspend", "erase", "stop_provision"])
def test_a_fee_is_refused_where_the_act_allows_none(kind):
    with pytest.raises(WrongState, match="no fee"):
        asking.fee_of(kind, 300)
    assert asking.fee_of(kind, 0) == 0


def test_a_fee_is_possible_for_a_disclosure():
    assert asking.fee_of("disclose", 500) == 500


def test_a_field_that_is_not_asked_is_refused():
    with pytest.raises(BadInput, match="does not ask for `wrong`"):
        asking.checked("suspend", {"wrong": "x"})


def test_a_correction_says_what_should_stand_there():
    with pytest.raises(BadInput, match="what should stand there"):
        asking.checked("correct", {"items": "address", "wrong": "旧住所"})
    assert asking.checked("delete", {"items": " address ", "wrong": "旧住所", "right": " "}) == {
        "items": "address",
        "wrong": "旧住所",
    }


def test_an_incident_is_a_reason_only_for_those_it_concerned():
    assert "incident" not in {r.id for r in reasons.reasons_of("erase")}
    assert reasons.check("erase", "incident", after_incident=True)
    with pytest.raises(BadInput, match="does not fit"):
        reasons.check("erase", "incident")


def test_nobody_is_turned_away_for_naming_no_reason():
    assert reasons.check("suspend", "") is None


def test_a_reason_of_another_kind_does_not_fit():
    with pytest.raises(BadInput, match="does not fit"):
        reasons.check("suspend", "wrongly_provided")


def test_every_reason_has_an_article_that_was_looked_up():
    for reason in reasons.REASONS:
        assert law.cite(reason.cite).checked


@pytest.mark.parametrize("evidence", identity.OWN)
def test_who_is_signed_in_is_asked_for_no_paper(evidence):
    assert identity.is_sure(identity.Asker(evidence))


def test_a_mailbox_that_several_hold_proves_none_of_them():
    assert not identity.is_sure(identity.Asker("mail_link", shared=True))
    assert identity.is_sure(identity.Asker("officer", shared=True))


def test_an_agent_waits_until_the_paper_was_seen():
    asks = identity.Asker("mail_link", agency="mandated")
    assert not identity.is_sure(asks)
    assert not identity.is_sure(identity.Asker("officer", agency="mandated"))
    assert identity.is_sure(identity.Asker("officer", agency="mandated", paper_seen=True))


def test_a_request_is_put_off_with_a_reason_and_a_later_day():
    due = date(2026, 12, 6)
    until = date(2026, 12, 21)
    assert (
        extension.check(due, until, " 倉庫の書類を探すため ", times=0, now=NOW)
        == "倉庫の書類を探すため"
    )
    with pytest.raises(BadInput, match="reason"):
        extension.check(due, until, " ", times=0, now=NOW)
    with pytest.raises(BadInput, match="not later"):
        extension.check(due, due, "x", times=0, now=NOW)
    with pytest.raises(BadInput, match="more than 30 days"):
        extension.check(due, date(2027, 1, 6), "x", times=0, now=NOW)
    with pytest.raises(WrongState, match="put off 2 times"):
        extension.check(due, until, "x", times=2, now=NOW)


def test_the_day_of_a_possible_suit_follows_the_guideline():
    # GL 3-8-9: arrived on 1 April, a suit from 16 April.
    assert extension.suit_from("disclose", datetime(2026, 4, 1, 1, tzinfo=UTC)) == date(2026, 4, 16)
    assert extension.suit_from("disclose", NOW) == date(2026, 12, 7)
