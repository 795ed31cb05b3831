"""The pages and mails of requests in every kind, state, form and asker: no doubled word, no sentence of two languages."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import product

import pytest
from django.test import Client

from chikai import clock
from chikai.rights import carrying
from chikai.rights.request import KINDS, STATES
from chikai.web import notice_words
from chikai.web.actions import PERSON, rights, rights_asked
from chikai.web.models import Asked, Message, Outbox, Request, Step
from chikai.web.portal import door
from tests.web import portal_world as us

pytestmark = [pytest.mark.django_db]
FIELDS = {
    "correct": {"items": "address", "wrong": "東京", "right": "大阪"},
    "add": {"items": "address", "right": "大阪"},
    "delete": {"items": "address", "wrong": "東京"},
}
ASKERS = ("person", "agent", "named", "reader")
JA = "ぁ-んァ-ヶ一-龠々ー"
DOUBLED = re.compile(rf"([{JA}]{{2,}})[のをはがに]\1|\b(\w{{3,}}) \2\b", re.IGNORECASE)
ASCII_IN_JA = re.compile(rf"[{JA}）」][.,!?;:](?=\s|$|[{JA}])|[{JA}]\(|\)[{JA}]")
LATIN = re.compile(r"[A-Za-z]{3,}")
# What both languages write in Latin letters: names and file types.
SAME = re.compile(
    r"https?://\S+|\S+@\S+|English|Balus|KATA|ZIP|CSV|JSON|PDF|PNG|JPEG|age1?|Levii|Chikai"
)
LONGEST = 60


def faults(text: str, tongue: str) -> list[str]:
    """What is wrong with one piece of text, as a reader of this language would say."""
    found = [f"doubled: {m[0]}" for m in DOUBLED.finditer(text)]
    if tongue == "en":
        return found + ([f"Japanese: {text}"] if re.search(f"[{JA}]", text) else [])
    found += [f"ASCII: {text}" for m in ASCII_IN_JA.finditer(text)]
    found += [f"English: {text}"] if LATIN.search(SAME.sub("", text)) else []
    # How the desk is reached is a list, and no sentence.
    said = [s for s in re.split("[。！？\n]", text) if "〒" not in s]
    return found + [f"long: {s}" for s in said if len(s.strip()) > LONGEST]


@pytest.mark.parametrize(
    ("text", "tongue", "wrong"),
    [
        ("ご請求のご請求を受け付けました", "ja", "doubled"),
        ("まだ確かめていません. 次に進みます", "ja", "ASCII"),
        ("写し(ZIP)を受け取れます", "ja", "ASCII"),
        ("Take it back", "ja", "English"),
        ("あ" * 61, "ja", "long"),
        ("the the answer", "en", "doubled"),
        ("受け付けました", "en", "Japanese"),
    ],
)
def test_a_slip_of_each_kind_is_heard(text, tongue, wrong):
    assert faults(text, tongue)[0].startswith(wrong)


class Said(HTMLParser):
    """The pieces of text that a reader sees, without values: those stand in `dd`, or are marked as codes."""

    SKIPPED = frozenset(
        {"script", "style", "svg", "dd", "nav", "header", "footer", "aside", "head"}
    )
    VOID = frozenset({"input", "br", "meta", "link", "img", "hr", "use"})

    def __init__(self):
        super().__init__()
        self.pieces, self.away = [""], []

    def handle_starttag(self, tag, attrs):
        """Begin a piece with each block; leave out what is a value."""
        self.pieces.append("")
        said = dict(attrs)
        if tag not in self.VOID and (
            self.away or tag in self.SKIPPED or "mono" in (said.get("class") or "").split()
        ):
            self.away.append(tag)

    def handle_endtag(self, tag):
        """End what was left out."""
        if self.away:
            self.away.pop()
        self.pieces.append("")

    def handle_data(self, data):
        """Keep what is read."""
        if not self.away:
            self.pieces[-1] += data


def texts(page: bytes) -> list[str]:
    """The pieces of text of a page that a reader sees."""
    reader = Said()
    reader.feed(page.decode())
    return [" ".join(piece.split()) for piece in reader.pieces if piece.strip()]


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setattr(door, "ANSWERS_AFTER", 0.0)
    hanako = us.begin()
    return hanako, us.person("brother@minato.example", {"balus": "77"}, 9), us.two()[0]


def asked(people, kind, form, asker):
    """A request of this kind as one that was just made; `named` is an agent's, as the person sees it."""
    hanako, agent, shared = people
    fields = dict(FIELDS.get(kind, {}))
    if kind in ("disclose", "disclose_records"):
        fields["form"] = form
    own = {"evidence": "sign_in"} if asker == "person" else {}
    acts = (
        {"agency": "mandated", "agent": "代理", "acts": agent}
        if asker in ("agent", "named")
        else {}
    )
    rights.open_request(
        PERSON, person=shared if asker == "reader" else hanako, kind=kind, asked=fields,
        reply_to=us.SHARED if asker == "reader" else us.HANAKO, **own, **acts,
    )  # fmt: skip
    return Request.objects.get()


def standing(request, state):
    """Put a request into a state, with the steps and notices that belong to it."""
    now = clock.now()
    values = {"state": state, "back": "received", "decided_at": now, "evidence": "officer"}
    if state == "refused":
        values |= {
            "ground": "not_identified",
            "text": rights.seal_bytes_for_person(request, "text", b"12-3"),
        }
    if state == "answered" and request.kind in carrying.PACKAGED:
        values |= {"package_digest": "sha256:ab", "expires_at": now + timedelta(days=5)}
    Request.objects.filter(pk=request.pk).update(**values)
    Outbox.objects.filter(request=request, kind="answered").delete()
    if state == "answered":
        rights.tell(request, "answered", now)


def steps(request):
    """One place of each standing, and an erasure that leaves something by another law."""
    kept = {"kept": [["invoices", 3, "tax_books", "2033-03-31"]], "erased": {"accounts": 1}}
    ways = ("done", "doing", "failed", "manual", "todo")
    for ord_, state in enumerate(ways):
        Step.objects.create(
            request=request, ord=ord_, source="balus", service="balus", action="count",
            state=state, not_before=clock.now(),
        )  # fmt: skip
    if request.kind == "erase":
        Step.objects.create(
            request=request, ord=1000, source="balus", service="balus", action="erase",
            state="done", not_before=clock.now(), found=kept, done_at=clock.now(),
        )  # fmt: skip


def clean():
    """Leave nothing of a request for the next one."""
    for model in (Message, Outbox, Step, Asked, Request):
        model.objects.all().delete()


def client_of(people, asker):
    client = Client()
    if asker == "reader":
        secret = us.actions.make_link(us.actions.DOOR, us.SHARED, "b" * 43)
        client.cookies["chikai-asked"] = "b" * 43
        client.post(f"/me/link/{secret}")
        client.post("/me/which", {"which": "1"})
    else:
        us.sign_in(client, "balus", "77" if asker == "agent" else "17")
    return client


def shown(client, request, asker, states):
    """The pages of a request in these states and both languages; its line in the list once a state."""
    for state, receives in product(states, (False, True) if asker == "agent" else (False,)):
        standing(request, state)
        Asked.objects.filter(request=request).update(receives=receives, paper_seen_at=clock.now())
        yield "ja", client.get(f"/me/requests/{request.number}")
        yield "en", client.get(f"/en/me/requests/{request.number}")
        if not receives:
            yield "ja", client.get("/me/requests")


@pytest.mark.parametrize("asker", ASKERS)
def test_no_page_of_a_request_says_a_word_twice_or_in_two_languages(people, asker, long):
    """In full with `--long`; else each kind and form in every fourth state, each state in every fourth of them."""
    found = set()
    client = client_of(people, asker)
    forms = [(kind, "file") for kind in KINDS]
    forms += [("disclose", "paper"), ("disclose_records", "paper")]
    for nth, (kind, form) in enumerate(forms):
        request = asked(people, kind, form, asker)
        steps(request)
        rights_asked.write_message(us.DESK, request, "12-3")
        for tongue, page in shown(client, request, asker, STATES if long else STATES[nth % 4 :: 4]):
            assert page.status_code == 200, (kind, request.state, asker)
            found |= {(tongue, f) for t in texts(page.content) for f in faults(t, tongue)}
        clean()
    assert not found


@pytest.mark.parametrize("tongue", ["ja", "en"])
def test_no_mail_of_a_request_says_a_word_twice_or_in_two_languages(people, tongue):
    found = set()
    for kind, form, asker in product(KINDS, ("file", "paper"), ("person", "agent")):
        request = asked(people, kind, form, asker)
        steps(request)
        Request.objects.update(language=tongue)
        for name, hidden in product(notice_words.TITLES, (False, True)):
            notice = Outbox(request=Request.objects.get(), kind=name)
            subject, text = notice_words.letter(notice, read_by_others=hidden)
            lines = [subject.partition("】")[2] or subject, *text.splitlines()[:-1]]
            found |= {(name, f) for line in lines for f in faults(line, tongue)}
        clean()
    assert not found
