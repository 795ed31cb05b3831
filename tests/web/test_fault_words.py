"""Errors are said in the language of the page, and never lost."""

import ast
import inspect
import re

import pytest
from django.utils import translation

from chikai.errors import BadInput, WrongState
from chikai.sources import sql_faults
from chikai.web import fault_words
from chikai.web.models import Request, Step
from chikai.web.work import by_hand, correcting, erasing, first_writes, gathering, own
from tests.web import portal_world as us

FAULTS = ("Changed", "Disagrees", "StillThere", "Waits", "WrongState")
WORKERS = (by_hand, correcting, erasing, first_writes, gathering, own)


def test_a_known_sentence_is_said_in_japanese():
    with translation.override("ja"):
        said = fault_words.said(BadInput("the file is larger than 5 MB", "save it as one of these"))
    assert said == "ファイルが 5 MB より大きいです。 このどれかで保存し直してください。"


def test_a_name_in_backticks_is_kept():
    with translation.override("ja"):
        assert "`review`" in fault_words.said(WrongState("the request is `review`", ""))


def test_an_unknown_sentence_stays_english():
    with translation.override("ja"):
        assert (
            fault_words.said(BadInput("it rains on 3 days", "wait")) == "It rains on 3 days. Wait."
        )


def test_english_pages_begin_sentences_with_a_capital():
    with translation.override("en"):
        assert (
            fault_words.said(BadInput("the file is empty", "choose it"))
            == "The file is empty. Choose it."
        )


def texts_of(module):
    """What the errors that a module raises say, with names and numbers put in."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FAULTS:
            yield from filter(None, map(written, node.args[:2]))


def written(node):
    if isinstance(node, ast.Constant):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    text = "".join(v.value if isinstance(v, ast.Constant) else "\0" for v in node.values)
    inside = re.sub(r"`[^`]*`", lambda m: m[0].replace("\0", "x"), text)
    if text.endswith(": \0"):  # a phrase of its own follows
        inside = inside.removesuffix(": \0")
    return None if text.startswith("\0 ") else inside.replace("\0", "7")


@pytest.mark.parametrize("module", WORKERS, ids=lambda module: module.__name__)
def test_what_a_worker_meets_is_said_in_japanese(module):
    with translation.override("ja"):
        english = [t for t in texts_of(module) if fault_words.sentence(t).isascii()]
    assert not english


@pytest.mark.parametrize("table", ["", "accounts"])
def test_what_a_database_answers_is_said_in_japanese(table):
    with translation.override("ja"):
        for kind in sql_faults._FAULTS:
            fault = sql_faults.stated(kind, name="balus", where="db/x", table=table)
            assert not fault_words.sentence(fault.what).isascii(), fault.what
            assert not fault_words.sentence(fault.do).isascii(), fault.do


@pytest.mark.django_db
def test_a_step_that_waits_says_in_japanese_what_to_do(as_role):
    person = us.begin()
    request = us.rights.open_request(us.PERSON, person=person, kind="erase")
    row = Request.objects.get(number=request[0].facts["number"])
    Request.objects.filter(pk=row.pk).update(state="acting")
    said = {"fault": "nobody has looked at what the first change of `balus` runs", "ord": 1000}
    said |= {"do": "an officer looks at it on the request's page, or with `chikai source preview`"}
    Step.objects.create(
        request=row, source="balus", action="erase", not_before=person.since, **said
    )
    page = as_role("officer").get(f"/desk/requests/{row.number}").content.decode()
    assert "まだだれも見ていません" in page
    assert "担当者が請求のページで見てください" in page
    assert "nobody has looked" not in page
