"""3(2): the method is kept from everybody who does not need it, and each opening leaves an entry."""

import pytest
from django.conf import settings
from django.test import Client

from chikai.errors import NotAllowed
from chikai.web.actions import anonymise as actions
from chikai.web.actions import of_staff
from chikai.web.models import Staff
from chikai.web.models.anonymise import AnonymisedTable, ProcessingStandard, SealedMethod
from chikai.web.models.ledger import counted
from chikai.web.work import anonymise as work
from tests.clause import care
from tests.web import world

pytestmark = [pytest.mark.own_state, pytest.mark.clause("3.2")]


@pytest.fixture
def table(balus):
    standard = care.standard()
    actions.propose_standard(care.COMMAND, standard)
    return work.make(
        care.COMMAND, settings.HOME, ProcessingStandard.objects.get(digest=standard.digest)
    )


def test_an_officer_opens_the_method_and_the_ledger_says_so(table):
    officer = of_staff(Staff.objects.get(email="sakura@levii.example"))
    method = actions.open_method(officer, table.number)
    assert method["smallest"] >= care.standard().k
    assert {row.kind: row.count for row in counted()}["anonymise.method_opened"] == 1


def test_nobody_else_opens_it_and_the_attempt_is_recorded(table):
    for role in ("desk", "engineer", "auditor"):
        with pytest.raises(NotAllowed):
            actions.open_method(of_staff(world.member(role)), table.number)
    kinds = {row.kind: row.count for row in counted()}
    assert "anonymise.method_opened" not in kinds
    assert kinds["staff.refused"] == 3


def test_ladders_and_chosen_steps_stand_nowhere_in_the_clear(table):
    stored = repr(
        [
            *ProcessingStandard.objects.values_list(),
            *AnonymisedTable.objects.values_list(),
            *SealedMethod.objects.values_list(),
        ]
    )
    assert "quarter" not in stored
    assert "levels" not in stored


def test_the_record_holds_no_table_of_ids_and_no_salt(table):
    officer = of_staff(Staff.objects.get(email="sakura@levii.example"))
    assert set(actions.open_method(officer, table.number)) == {
        *("levels", "persons", "left_out", "smallest")
    }


def test_no_page_shows_the_method(table):
    actions.publish(care.COMMAND, table.number)
    for address in ("/anonymised", "/policy", "/en/anonymised", "/en/policy"):
        text = Client().get(address).content.decode()
        for word in (
            "quarter",
            "四半期",
            "suppress",
            "ladder",
            "balus-usage",
            table.standard.digest,
        ):
            assert word not in text, (address, word)


def test_the_file_is_readable_by_its_owner_only(table):
    file = actions.file_of(table)
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0
