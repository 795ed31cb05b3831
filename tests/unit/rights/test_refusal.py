"""The grounds of a refusal: those of the Act for each kind, each with an article that is known."""

import pytest

from chikai import law
from chikai.errors import BadInput
from chikai.policy.document import Desk, Text
from chikai.rights import refusal
from chikai.rights.request import KINDS

OWED = {
    "notify_purpose": {"32(2)(i)", "21(4)(i)", "21(4)(ii)", "21(4)(iii)"},
    "disclose": {"33(2)(i)", "33(2)(ii)", "33(2)(iii)", "33(3)", "33(4)"},
    "disclose_records": {"33(2)(i)", "33(2)(ii)", "33(2)(iii)", "33(3)"},
    **{kind: {"34(2)"} for kind in ("correct", "add", "delete")},
    **{kind: {"35(2)", "35(6)"} for kind in ("suspend", "erase")},
    "stop_provision": {"35(4)", "35(6)"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_the_grounds_that_the_act_gives_it_and_no_other(kind):
    cites = {ground.cite for ground in refusal.grounds_of(kind)}
    assert cites == {f"APPI Art. {cite}" for cite in OWED[kind] | {"37(1)"}}


@pytest.mark.parametrize("kind", ["suspend", "erase", "stop_provision"])
def test_another_measure_may_be_taken_instead_of_a_stop(kind):
    instead = [g for g in refusal.grounds_of(kind) if "代わりの措置" in g.says.ja]
    assert {g.cite for g in instead} == {g.cite for g in refusal.grounds_of(kind)} - {
        "APPI Art. 37(1)"
    }


def test_a_correction_is_refused_for_its_content_its_need_or_another_procedure():
    names = [g.id for g in refusal.grounds_of("correct")]
    assert names[:3] == ["not_wrong", "not_needed", "other_procedure"]


def test_every_ground_fits_its_column_and_cites_what_was_compared():
    for ground in refusal.GROUNDS:
        assert len(ground.id) <= 20
        assert law.is_checked(ground.cite)
    assert "33条2項1号" in law.in_words(refusal.BY_ID["harm"].cite, "ja")
    with pytest.raises(BadInput):
        refusal.check("stop_provision", "no_reason", "x")


def test_the_complaint_says_where_the_desk_is():
    desk = Desk(Text("個人情報窓口", "Privacy desk"), mail="privacy@levii.example", phone="03-0000")
    said = refusal.complaint(desk)
    assert "窓口：個人情報窓口、privacy@levii.example、03-0000" in said.ja
    assert "Privacy desk, privacy@levii.example" in said.en
