"""3(4): the state of anonymised information stands under this clause: none so far, or what was made."""

import pytest
from django.conf import settings
from django.test import Client

from chikai.web.actions import anonymise as actions
from chikai.web.models.anonymise import ProcessingStandard
from chikai.web.work import anonymise as work
from tests.clause import care

pytestmark = [pytest.mark.own_state, pytest.mark.clause("3.4")]


def under_the_clause(address):
    page = Client().get(address).content.decode()
    return page.partition('id="c-3.4"')[2].partition('id="c-4"')[0]


def test_it_says_that_none_was_made_and_then_what_was_made(balus):
    assert "まだ作っていません" in under_the_clause("/policy")
    assert "None has been made so far" in under_the_clause("/en/policy")
    standard = care.standard()
    actions.propose_standard(care.COMMAND, standard)
    row = ProcessingStandard.objects.get(digest=standard.digest)
    table = work.make(care.COMMAND, settings.HOME, row)
    assert "まだ作っていません" in under_the_clause("/policy"), "made, but not on the register yet"
    actions.publish(care.COMMAND, table.number)
    said = under_the_clause("/policy")
    assert "まだ作っていません" not in said
    assert "利用履歴" in said
    assert "第三者には提供していません" in said
    assert "history of use" in under_the_clause("/en/policy")


def test_an_empty_register_says_so(balus):
    assert "まだ作っていません" in Client().get("/anonymised").content.decode()


def test_an_earlier_edition_stays_the_bytes_that_were_published(balus):
    from chikai.web.models import Edition

    stored = Edition.objects.current().ja
    assert "まだ作っていません" in stored
