"""The desk's pages of requests, in every kind and state: no name that only programs know, no sentence of two languages."""

import re

import pytest

from chikai import clock
from chikai.rights.request import KINDS, STATES
from chikai.web.actions import rights_asked
from chikai.web.models import Candidate, Request, Step, Telling
from tests.web import portal_world as us
from tests.web.test_request_words import Said, asked, clean, faults, people, standing, steps

pytestmark = [pytest.mark.django_db]
__all__ = ["people"]
ASKERS = ("person", "agent", "reader")


class Seen(Said):
    """What a colleague reads of a page: values too, but for what is marked as a name of a program."""

    SKIPPED = Said.SKIPPED - {"dd", "aside"}


# Names and values that are the same in either language: a key, a language, a company, colleagues, towns. An article is no sentence.
SAME = re.compile(
    r"^Enter$|^日本語$|Northmail Inc\.|森 officer|東京|大阪|高橋 桜|（個人情報保護法.*?）+"
)


def texts(page):
    reader = Seen()
    reader.feed(page.decode())
    pieces = (" ".join(SAME.sub("", piece.strip()).split()) for piece in reader.pieces)
    return [piece for piece in pieces if piece]


def pages(number):
    """The pages of one request that a colleague opens, and the lists that it stands in."""
    where = f"/desk/requests/{number}"
    yield from (where, f"{where}/whom", f"{where}/refuse", f"{where}/extend", f"{where}/approve")
    yield from ("/desk/requests", f"/desk/requests?open={number}", "/desk/by-hand")


def wrong_on(client, addresses):
    found = set()
    for tongue, before in (("ja", ""), ("en", "/en")):
        for address in addresses:
            page = client.get(before + address)
            if page.status_code == 302:
                continue
            assert page.status_code == 200, address
            found |= {(tongue, f) for t in texts(page.content) for f in faults(t, tongue)}
    return found


@pytest.mark.parametrize("asker", ASKERS)
def test_no_page_of_a_request_at_the_desk_shows_the_name_of_a_program(people, as_role, asker, long):
    """In full with `--long`; else each kind in every third state."""
    found, officer = set(), as_role("officer")
    for nth, kind in enumerate(KINDS):
        request = asked(people, kind, "file", asker)
        steps(request)
        rights_asked.write_message(us.DESK, request, "12-3")
        for state in STATES if long else STATES[nth % 3 :: 3]:
            standing(request, state)
            found |= wrong_on(officer, pages(request.number))
        clean()
    assert not found, "\n".join(sorted(map(str, found)))


def held(people, request):
    """What a request can have besides: a pair that waits, another who may have asked, who is to be told, a step of each kind."""
    hanako, brother, _ = people
    now, (one, other) = clock.now(), (p.links.first() for p in (hanako, brother))
    Request.objects.filter(pk=request.pk).update(between=brother)
    Candidate.objects.create(reason="names_differ", a=one, b=other, digest=b"x", at=now)
    Telling.objects.create(
        request=request, recipient="manabi", name={"ja": "学びの森", "en": "Manabi"},
        items=["name"], since=now,
    )  # fmt: skip
    for ord_, (does, state) in enumerate(
        (("manual", "manual"), ("read", "failed"), ("look", "done"), ("stop", "done"),
         ("pdf", "done"), ("package", "doing"), ("erase", "failed"), ("hand", "todo")), 2000,
    ):  # fmt: skip
        Step.objects.create(
            request=request, ord=ord_, source="everything" if does == "stop" else "kata",
            service="kata", action=does, state=state, not_before=now,
            found={"v": 1} if does == "stop" else {"rows": {"profiles": 2}},
            fault="the server at `127.0.0.1:3306` does not answer" if state == "failed" else "",
        )  # fmt: skip


@pytest.mark.parametrize("state", ["received", "gathering", "review", "acting", "answered"])
def test_no_page_of_a_request_with_everything_shows_the_name_of_a_program(people, as_role, state):
    found, officer = set(), as_role("officer")
    for kind in ("correct", "erase", "suspend"):
        request = asked(people, kind, "file", "person")
        held(people, request)
        standing(request, state)
        where = f"/desk/requests/{request.number}"
        found |= wrong_on(
            officer, (where, f"/desk/requests?open={request.number}", "/desk/by-hand")
        )
        for model in (Candidate, Telling):
            model.objects.all().delete()
        clean()
    assert not found, "\n".join(sorted(map(str, found)))


def test_no_page_that_enters_a_request_shows_the_name_of_a_program(people, as_role):
    kinds = [f"/desk/requests/new?kind={kind}" for kind in KINDS]
    found = wrong_on(as_role("officer"), ["/desk/requests/new", *kinds])
    assert not found, "\n".join(sorted(map(str, found)))
