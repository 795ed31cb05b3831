"""3(3): before anonymised information is provided, its items and the manner of provision are public."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from chikai import clock
from chikai.errors import WrongState
from chikai.policy.document import Text
from chikai.web.actions import anonymise as actions
from chikai.web.models.anonymise import AnonymisedTable, ProcessingStandard
from chikai.web.work import anonymise as work
from tests.clause import care

pytestmark = [pytest.mark.own_state, pytest.mark.clause("3.3")]
MANNER = Text("記録媒体で渡します。", "On a data carrier.")


def made(**more):
    standard = care.standard(**more)
    actions.propose_standard(care.COMMAND, standard)
    row = ProcessingStandard.objects.get(digest=standard.digest)
    return work.make(care.COMMAND, settings.HOME, row)


def test_a_table_is_not_released_before_its_items_are_public(balus):
    table = made()
    with pytest.raises(WrongState, match="public register"):
        actions.release(care.COMMAND, table.number)
    actions.publish(care.COMMAND, table.number, manner=MANNER)
    event = actions.release(care.COMMAND, table.number)
    assert event.facts["provided"] is True


def test_the_public_has_the_time_that_the_standard_gives_it(balus, monkeypatch):
    table = made(lead_days=14)
    actions.publish(care.COMMAND, table.number, manner=MANNER)
    with pytest.raises(WrongState, match="public must know"):
        actions.release(care.COMMAND, table.number)
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=14))
    actions.release(care.COMMAND, table.number)


def test_items_and_manner_stand_on_the_register(balus):
    table = made()
    actions.publish(care.COMMAND, table.number, manner=MANNER)
    ja, en = (Client().get(a).content.decode() for a in ("/anonymised", "/en/anonymised"))
    assert "利用履歴" in ja
    assert MANNER.ja in ja
    assert "history of use" in en
    assert MANNER.en in en


def test_whoever_gets_the_file_is_told_what_it_is(balus):
    table = made()
    file = actions.file_of(table)
    assert "匿名加工情報" in file.name
    [note] = [p for p in file.parent.iterdir() if p != file]
    said = note.read_text("utf-8")
    assert "匿名加工情報です" in said
    assert "anonymously processed information" in said
    assert "利用履歴" in said
    assert AnonymisedTable.objects.get().digest not in said
