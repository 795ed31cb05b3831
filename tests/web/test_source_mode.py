"""How far we may go in a source, on the pages: less at once, writing by two people, a restored source closed and opened."""

from datetime import timedelta

import pytest
from django.conf import settings

from chikai import clock, home
from chikai.errors import NotAllowed, WrongState
from chikai.web.actions import first_writes
from chikai.web.models import Installation, Job, SourceEpoch
from chikai.web.models.ledger import Events
from chikai.web.work import engine, restored
from tests.web import asking
from tests.web.asking import OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
WHERE = "/desk/sources/balus/mode"


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture(autouse=True)
def home_again(monkeypatch):
    """What `chikai.toml` says is read anew in each test."""
    monkeypatch.setattr(settings, "HOME", settings.HOME, raising=False)


@pytest.fixture
def her(urls):
    person = asking.settle(urls)
    again()
    return person


def again():
    settings.HOME = home.read(settings.HOME.path)


def mode():
    again()
    return settings.HOME.source("balus").mode


def text(response):
    return response.content.decode()


def test_writing_is_asked_for_by_one_and_begun_by_another(as_role, her):
    request = asking.ask(her, kind="erase")
    engine.drain()
    engineer, officer = as_role("engineer"), as_role("officer")
    page = text(engineer.get(WHERE))
    assert request.number in page
    assert "読むだけです" in page
    engineer.post(f"{WHERE}/want")
    assert mode() == "observe"
    assert "申し出" in text(officer.get(WHERE))
    engineer.post(f"{WHERE}/enforce")
    assert mode() == "observe"
    officer.post(f"{WHERE}/enforce")
    assert mode() == "enforce"
    assert SourceEpoch.objects.get(source="balus").wanted_at is None
    assert len(Events("source.mode_wanted")) == len(Events("source.mode_set")) == 1
    brake = text(engineer.get(WHERE))
    assert "いますぐ書くのを止める" in brake
    engineer.post(f"{WHERE}/observe")
    assert mode() == "observe"


def test_who_asked_does_not_begin_it_unless_alone_and_a_day_later(her):
    config = settings.HOME.source("balus")
    with pytest.raises(WrongState, match="nobody has asked"):
        first_writes.begin_writes(OFFICER, config)
    with pytest.raises(WrongState, match="two people"):
        first_writes.set_mode(OFFICER, config, "enforce")
    first_writes.want_writes(OFFICER, config)
    with pytest.raises(NotAllowed):
        first_writes.begin_writes(OFFICER, config)
    Installation.objects.update(single_officer=True)
    with pytest.raises(NotAllowed):
        first_writes.begin_writes(OFFICER, config)
    SourceEpoch.objects.update(wanted_at=clock.now() - timedelta(hours=25))
    assert first_writes.begin_writes(OFFICER, config).facts["asked_by"] == OFFICER.name
    first_writes.want_writes(OFFICER, config)
    first_writes.set_mode(SECOND, config, "shadow")
    assert SourceEpoch.objects.get(source="balus").wanted_at is None, "less takes the asking back"


def test_a_restored_source_is_closed_and_opened_again_from_the_pages(as_role, her, monkeypatch):
    home.set_mode(settings.HOME, "balus", "enforce")
    again()
    officer = as_role("officer")
    ask = "/desk/sources/balus/ask"
    officer.post(f"{ask}/restored")
    assert not Job.objects.filter(verb="restored").exists(), "it was not sure"
    officer.post(f"{ask}/restored", {"sure": "1"})
    monkeypatch.setattr(restored.actions, "lift", lambda *_a, **_k: None)
    engine.drain()
    monkeypatch.undo()
    assert SourceEpoch.objects.quarantined().get().source == "balus"
    page = text(officer.get("/desk/sources/balus"))
    assert "失われた処理をやり直す" in page
    officer.post(f"{ask}/lift")
    engine.drain()
    assert not SourceEpoch.objects.quarantined().exists()
    assert {e for e in ("source.restored", "source.lifted") if Events(e)} == {
        "source.restored",
        "source.lifted",
    }
    assert as_role("auditor").post(f"{ask}/lift").status_code == 403


def test_the_page_is_read_by_the_auditor_who_presses_nothing(as_role, her):
    page = text(as_role("auditor").get(WHERE))
    assert "<form" not in page.partition("<main")[2]
    assert as_role("auditor").post(f"{WHERE}/observe").status_code == 403
