"""Services behind HTTP: two shaped like well-known ones, and everything that a network and a stranger can do."""

import logging
from datetime import date
from pathlib import Path

import pytest

from chikai.errors import ChikaiError, ConfigError, Disagrees, Unreachable, WrongState
from chikai.sources import config, http, http_api, http_asked
from chikai.sources.map import ColumnMap, Edge, Identity, Map, TableMap
from chikai.sources.protocol import Applying, Change, Holds
from tests.contract import services
from tests.contract.services import Reply

TEMPLATES = Path(http_api.__file__).parent / "templates"
CRM = Map(
    "crm",
    "shop",
    (
        TableMap(
            "contacts",
            "person",
            identity=Identity("id", email="email", name="lastname"),
            columns=(
                ColumnMap("id", "-"),
                ColumnMap("email", "contact", "delete", "email"),
                ColumnMap("firstname", "name", "delete"),
                ColumnMap("lastname", "name", "delete"),
                ColumnMap("phone", "contact", "delete"),
                ColumnMap("created_at", "-"),
            ),
        ),
        TableMap(
            "notes",
            "person",
            (Edge(("contact_id",), "contacts", ("id",)),),
            columns=(ColumnMap("contact_id", "-"), ColumnMap("body", "content", "delete")),
        ),
    ),
)
KEYS = {"contacts": ("102",)}
PLENTY = {"contacts": 9, "notes": 9}
MEMBERS = Map("letters", "shop", (TableMap(
    "members", "person", identity=Identity("id", email="email"),
    columns=(ColumnMap("email", "contact", "delete"), ColumnMap("full_name", "name", "delete")),
),))  # fmt: skip


def opened(address, template="crm", mode="enforce", api=None, key=services.KEY, **limits):
    text = (TEMPLATES / f"{template}.toml").read_text()
    fast = {"per_second": 0, "wait_seconds": 3, "seconds": 1} | limits
    head, _, rest = text.partition("[limits]\n")
    _, _, rest = rest.partition("\n\n")
    lines = "\n".join(f"{name} = {value}" for name, value in fast.items())
    described = f"{head}[limits]\n{lines}\n\n{rest}"
    for old, new in (api or {}).items():
        assert old in described
        described = described.replace(old, new)
    table = {"kind": "http", "service": "shop", "url": address, "api": "x", "mode": mode}
    made = config.parse("crm", table)
    parsed = http_api.parse(described, "crm.toml")
    client = http.Client(made, parsed.auth, parsed.limits, key)
    return http.HttpSource(made, parsed, client, b"secret")


@pytest.fixture
def crm():
    service = services.Crm()
    with services.served(service) as address:
        service.address = address
        yield service


@pytest.fixture
def letters():
    service = services.Newsletter()
    with services.served(service) as address:
        service.address = f"{address}/3.0/lists/a1"
        yield service


@pytest.fixture
def quick(monkeypatch):
    """Back-off without the wait: what is tested is that it tries, not how long."""
    monkeypatch.setattr("chikai.sources.http_client._FIRST_WAIT", 0.01)


def read(source, map_=CRM, keys=KEYS):
    with source.reading() as reading:
        return {name: list(rows) for name, rows in reading.read(map_, keys)}


def fault(call, kind, caplog):
    with pytest.raises(kind) as caught:
        call()
    said = f"{caught.value}{caplog.text}"
    assert caught.value.do
    for hidden in ("person2", "102", "山田", services.KEY):
        assert hidden not in said
    return said


def test_a_person_is_found_and_read_over_pages_and_a_search(crm):
    source = opened(crm.address)
    with source.reading() as reading:
        assert reading.find(CRM, "contacts", "email", ["person2@mail.example"]) == ("102",)
        assert [len(c) for c in reading.identities(CRM, "contacts", chunk=5)] == [5, 2]
        assert reading.count(CRM, KEYS) == {"contacts": 1, "notes": 3}
    rows = read(source)
    assert rows["contacts"][0]["phone"] == "03-0000-0002"
    assert [r["body"] for r in rows["notes"]] == ["note 2-0", "note 2-1", "note 2-2"]


def test_each_call_is_made_once_in_a_reading(crm):
    with opened(crm.address).reading() as reading:
        reading.count(CRM, KEYS)
        asked = len(crm.calls)
        reading.count(CRM, KEYS)
    assert len(crm.calls) == asked


def test_a_contact_is_corrected_and_seen_afterwards(crm):
    change = Change("contacts", ("102",), "phone", "03-1111-1111")
    assert opened(crm.address).write(CRM, KEYS, [change], at_most=1) == {"contacts": 1}
    assert crm.objects["contacts"]["102"]["properties"]["phone"] == "03-1111-1111"
    assert [c.method for c in crm.calls[-2:]] == ["PATCH", "GET"]


def test_a_person_is_erased_children_first_and_nobody_else(crm):
    assert opened(crm.address).erase(CRM, KEYS, at_most=PLENTY) == {"contacts": 1, "notes": 3}
    assert "102" not in crm.objects["contacts"]
    assert len(crm.objects["contacts"]) == 6
    assert len(crm.objects["notes"]) == 18
    changing = [c.path.rsplit("/", 2)[1] for c in crm.calls if c.path.endswith("gdpr-delete")]
    assert changing == ["notes"] * 3 + ["contacts"]


def test_a_newsletter_is_read_by_pages_and_erased_for_good(letters):
    source = opened(letters.address, "newsletter")
    keys = {"members": ("m2",)}
    with source.reading() as reading:
        assert sum(len(c) for c in reading.identities(MEMBERS, "members")) == 5
        assert reading.find(MEMBERS, "members", "email", ["person2@mail.example"]) == ("m2",)
    assert source.erase(MEMBERS, keys, at_most={"members": 1}) == {"members": 1}
    assert "m2" not in letters.members
    assert len(letters.members) == 4


def test_an_archive_is_no_erasure(letters, caplog):
    archive = {'erase = { post = "/members/{id}/actions/delete-permanent" }': 'erase = { delete = "/members/{id}" }'}  # fmt: skip
    source = opened(letters.address, "newsletter", api=archive)
    said = fault(
        lambda: source.erase(MEMBERS, {"members": ("m2",)}, at_most={"members": 1}),
        Disagrees,
        caplog,
    )
    assert "still stands" in said


def test_a_call_that_was_made_twice_has_its_effect_once(crm, quick):
    """The answer was lost after the effect: the client tries again with the same key."""
    dropped = []

    def lose(call):
        if call.path.endswith("contacts/gdpr-delete") and not dropped:
            dropped.append(call)
            crm._once[call.headers["idempotency-key"]] = crm.answer(call)
            crm.effects += 1
            return Reply(drop=True)
        return None

    crm.faults.append(lose)
    assert opened(crm.address).erase(CRM, KEYS, at_most=PLENTY)["contacts"] == 1
    assert dropped
    assert crm.effects == 4


def test_a_step_that_is_made_again_sends_the_same_key_and_its_effect_comes_once(crm):
    """The process died after the call: what it was to change is found changed, or the key is known."""
    change = Change("contacts", ("102",), "phone", "03-1111-1111")

    def step():
        with opened(crm.address, attempts=1).changing(Applying("step-7")) as changing:
            changing.write(CRM, {"her": KEYS}, {"her": [change]})

    crm.faults.append(lambda call: Reply(drop=True) if call.method == "PATCH" else None)
    with pytest.raises(Unreachable):
        step()
    crm.faults.clear()
    step()
    step()
    keys = [c.headers["idempotency-key"] for c in crm.calls if c.method == "PATCH"]
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert crm.effects == 1
    assert "102" not in keys[0]


def test_a_service_that_goes_down_in_the_middle_says_how_far_it_came(crm, quick, caplog):
    def down(call):
        ready = sum(c.path.endswith("gdpr-delete") for c in crm.calls) > 2
        return Reply(503) if ready and call.path.endswith("gdpr-delete") else None

    crm.faults.append(down)
    source = opened(crm.address)
    said = fault(lambda: source.erase(CRM, KEYS, at_most=PLENTY), Unreachable, caplog)
    assert "2 of 4 rows" in said
    crm.faults.clear()
    assert source.erase(CRM, KEYS, at_most=PLENTY) == {"contacts": 1, "notes": 1}
    assert "102" not in crm.objects["contacts"]


def test_a_storm_of_429_is_waited_out_and_not_longer_than_we_wait(crm, quick, caplog):
    storm = [Reply(429, headers={"Retry-After": "0.01"}) for _ in range(3)]
    crm.faults.append(lambda _: storm.pop() if storm else None)
    assert read(opened(crm.address))["contacts"]
    crm.faults[:] = [lambda _: Reply(429, headers={"Retry-After": "3600"})]
    calls = len(crm.calls)
    fault(lambda: read(opened(crm.address)), Unreachable, caplog)
    assert len(crm.calls) == calls + 1
    crm.faults[:] = [lambda _: Reply(429)]
    fault(lambda: read(opened(crm.address)), Unreachable, caplog)


def test_a_service_that_says_no_call_is_left_is_not_asked(crm, caplog):
    source = opened(crm.address)
    crm.faults.append(lambda _: Reply(body={"results": []}, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "600"}))  # fmt: skip
    source.client.call(source.api.check, "/x", {}, None)
    fault(lambda: read(source), Unreachable, caplog)
    assert len(crm.calls) == 1


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_refusal_is_not_tried_again(crm, status, caplog):
    crm.faults.append(lambda call: Reply(status) if call.method == "PATCH" else None)
    change = Change("contacts", ("102",), "phone", "x")
    fault(lambda: opened(crm.address).write(CRM, KEYS, [change], at_most=1), Disagrees, caplog)
    assert sum(c.method == "PATCH" for c in crm.calls) == 1


def test_a_key_that_is_wrong_or_missing(crm, caplog):
    fault(lambda: read(opened(crm.address, key="other")), ConfigError, caplog)
    fault(lambda: read(opened(crm.address, key=None)), ConfigError, caplog)
    assert not opened(crm.address, key="other").check().reachable


def test_a_page_that_comes_again_for_ever_is_left(crm, letters, caplog):
    def again(call):
        if call.path.endswith("/search"):
            return Reply(body={"results": [], "paging": {"next": {"after": "7"}}})
        if call.path.endswith("/members"):
            return Reply(body={"members": [letters.members["m1"]]})
        return None

    crm.faults.append(again)
    letters.faults.append(again)
    assert "again" in fault(lambda: read(opened(crm.address)), Disagrees, caplog)
    source = opened(letters.address, "newsletter")
    with source.reading() as reading:
        fault(lambda: list(reading.identities(MEMBERS, "members")), Disagrees, caplog)


def test_pages_without_an_end_are_left(crm, caplog):
    crm.faults.append(lambda call: Reply(body={"results": [], "paging": {"next": {"after": str(len(crm.calls))}}}))  # fmt: skip
    fault(lambda: list(opened(crm.address, pages=5).catalogue().tables) and read(opened(crm.address, pages=5)), Disagrees, caplog)  # fmt: skip
    assert len(crm.calls) < 20


@pytest.mark.parametrize(
    "reply",
    [
        Reply(raw=b"<html>person2@mail.example</html>"),
        Reply(raw=b"[" * 200_000),
        Reply(raw=b'{"results": NaN'),
        Reply(body={"results": "person2"}),
        Reply(body={"results": [1, 2]}),
        Reply(body=["person2"]),
        Reply(body={"errors": [{"message": "person2 is odd"}], "results": []}),
        Reply(302, headers={"Location": "http://elsewhere.example/"}),
        Reply(raw=b'{"results": "' + b"x" * (3 * 2**20) + b'"}'),
    ],
    ids="html deep nan text numbers list error-in-200 redirect huge".split(),
)
def test_an_answer_that_is_none_stops_and_repeats_nothing(crm, reply, caplog):
    caplog.set_level(logging.DEBUG)
    crm.faults.append(lambda _: reply)
    fault(lambda: read(opened(crm.address, megabytes=2)), Disagrees, caplog)


def test_an_answer_that_drips_or_breaks_off_is_given_up(crm, quick, caplog):
    crm.faults.append(lambda _: Reply(raw=b" " * 400, drip=0.02))
    fault(lambda: read(opened(crm.address, seconds=0.3, attempts=1)), Unreachable, caplog)
    crm.faults[:] = [lambda _: Reply(raw=b"{", headers={"Content-Length": "400"}, drop=True)]
    fault(lambda: read(opened(crm.address, attempts=2)), Unreachable, caplog)


def test_a_service_that_is_not_there(caplog):
    source = opened("http://127.0.0.1:9", attempts=1)
    fault(lambda: read(source), Unreachable, caplog)
    assert not source.check().reachable


def test_a_next_page_at_another_host_is_not_followed(crm, caplog):
    link = Reply(body={"results": []}, headers={"Link": '<http://elsewhere.example/x>; rel="next"'})
    crm.faults.append(lambda _: link)
    page = {'kind = "cursor"\nsend = "after"\nfrom = "paging.next.after"': 'kind = "link"'}
    said = fault(lambda: read(opened(crm.address, api=page)), Disagrees, caplog)
    assert "elsewhere" not in said


@pytest.mark.parametrize(
    "header",
    [
        '<{next}>; rel="next"',
        '<{next}>; rel="Next"',
        "<{next}>; REL=next",
        "<{next}>; rel='next'",
        '<{next}>; rel="last next"',
        '<{next}>; title="a, b; rel=prev"; rel = "next"',
        '<{other}>; rel="prev", <{next}>; rel="next", <{other}>; rel="last"',
    ],
)
def test_the_next_page_is_found_however_a_service_words_its_link(header):
    places = {"next": "https://crm.example/v1/contacts?page=2", "other": "https://crm.example/v1/x"}
    assert http_asked.next_link(header.format(**places)) == places["next"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        '<x>; rel="last"',
        '<x>; title="; rel=next"; rel=last',
        '<x>; rel="nextone"',
        "<x>; xrel=next",
    ],
)
def test_a_link_to_something_else_ends_the_pages(header):
    assert http_asked.next_link(header) == ""


def test_links_in_several_lines_are_all_heard(crm):
    def linked(call):
        if call.path.endswith("notes/search") or call.path.endswith("/more"):
            reply = crm.answer(services.Call("POST", "/crm/v3/objects/notes/search", {}, {
                "filters": [{"property": "contact_id", "value": "102"}], "after": "2" if call.path.endswith("/more") else "0",
            }, {}))  # fmt: skip
            if not call.path.endswith("/more"):
                reply.lines += [("Link", f'<{crm.address}/more?x=1>; rel="Next"')]
                reply.lines += [("Link", f'<{crm.address}/more?x=1>; rel="last"')]
            return reply
        return None

    crm.faults.append(linked)
    page = {'kind = "cursor"\nsend = "after"\nfrom = "paging.next.after"': 'kind = "link"'}
    assert len(read(opened(crm.address, api=page))["notes"]) == 3


def test_a_next_page_by_a_link_is_followed_at_home(crm):
    def linked(call):
        if call.path.endswith("notes/search") or call.path.endswith("/more"):
            reply = crm.answer(services.Call("POST", "/crm/v3/objects/notes/search", {}, {
                "filters": [{"property": "contact_id", "value": "102"}], "after": "2" if call.path.endswith("/more") else "0",
            }, {}))  # fmt: skip
            if not call.path.endswith("/more"):
                reply.headers["Link"] = f'<{crm.address}/more?x=1>; rel="next"'
            return reply
        return None

    crm.faults.append(linked)
    page = {'kind = "cursor"\nsend = "after"\nfrom = "paging.next.after"': 'kind = "link"'}
    assert len(read(opened(crm.address, api=page))["notes"]) == 3


@pytest.mark.parametrize("status", [404, 410])
def test_a_service_that_has_moved_away_holds_not_nothing(crm, caplog, status):
    """Every call is answered as if there were no such row: nothing is known of the rows that stand elsewhere."""
    crm.faults.append(lambda _: Reply(status, {}))
    source = opened(crm.address)
    assert not source.check().reachable
    for asked in (
        source.catalogue,
        lambda: read(source),
        lambda: source.left(CRM, {"q": KEYS}, holds=Holds(date(2026, 11, 27), {})),
    ):
        fault(asked, Disagrees, caplog)


def test_a_next_page_that_is_gone_is_a_fault(crm, caplog):
    crm.faults.append(lambda c: Reply(404, {}) if (c.body or {}).get("after", "0") != "0" else None)
    fault(lambda: read(opened(crm.address)), Disagrees, caplog)


def test_a_row_that_is_not_there_is_none_where_the_service_answers(crm):
    assert read(opened(crm.address), keys={"contacts": ("999",)}).get("contacts", []) == []


def test_rows_that_nobody_asked_for_are_left_out(crm):
    """A service that takes no notice of the filter answers with everybody."""
    everybody = {"results": list(crm.objects["notes"].values())}
    crm.faults.append(lambda c: Reply(body=everybody) if c.path.endswith("notes/search") else None)
    assert len(read(opened(crm.address))["notes"]) == 3


def test_a_field_that_the_description_does_not_name_stops_the_reading(crm, caplog):
    crm.objects["contacts"]["102"]["properties"]["blood_type"] = "person2 A"
    said = fault(lambda: read(opened(crm.address)), Disagrees, caplog)
    assert "`properties.blood_type`" in said
    assert opened(crm.address).unnamed() == {"contacts": {"properties.blood_type": "text"}}
    columns = {c.name for c in opened(crm.address).catalogue().by_name["contacts"].columns}
    assert "properties.blood_type" in columns


def test_a_change_that_the_service_forgot_is_noticed(crm, caplog):
    crm.faults.append(lambda call: Reply(body={}) if call.method == "PATCH" else None)
    change = Change("contacts", ("102",), "phone", "03-1111-1111")
    said = fault(
        lambda: opened(crm.address).write(CRM, KEYS, [change], at_most=1), Disagrees, caplog
    )
    assert "another value" in said


def test_a_change_without_a_call_for_it_stops_before_the_first(crm, caplog):
    lines = (TEMPLATES / "crm.toml").read_text().splitlines()
    [erase] = [line for line in lines if line.startswith("erase") and "contacts" in line]
    source = opened(crm.address, api={erase: ""})
    fault(lambda: source.erase(CRM, KEYS, at_most=PLENTY), Disagrees, caplog)
    assert not [c for c in crm.calls if "gdpr" in c.path]


def test_more_rows_than_planned_stop_everything(crm, caplog):
    fault(lambda: opened(crm.address).erase(CRM, KEYS, at_most={"contacts": 1, "notes": 2}), Disagrees, caplog)  # fmt: skip
    assert crm.effects == 0


def test_an_observed_service_is_not_changed(crm, caplog):
    source = opened(crm.address, mode="observe")
    fault(lambda: source.erase(CRM, KEYS, at_most=PLENTY), WrongState, caplog)
    assert crm.calls == []


@pytest.mark.parametrize("key", ["..", ".", "", "1/2", "a?b#c", "%2e%2e", "\u3042", "1\r\nX: y"])
def test_a_key_never_becomes_another_path(crm, key):
    with opened(crm.address).reading() as reading:
        try:
            assert reading.count(CRM, {"contacts": (key,)})["contacts"] == 0
        except Disagrees as told:
            assert key not in (".", "..") or "address" in told.what  # noqa: PT017
    assert all(c.path.startswith("/crm/v3/objects/") for c in crm.calls)
    assert all(len(c.parts) <= 5 for c in crm.calls)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://crm.example/api", "not encrypted"),
        ("https://user:pw@crm.example", "account"),
        ("https://crm.example/?key=1", "account"),
        ("ftp://crm.example", "no address"),
        ("crm.example", "no address"),
    ],
)
def test_an_address_that_is_open_or_holds_a_secret_is_refused(url, says):
    table = {"kind": "http", "service": "shop", "url": url, "api": "x"}
    with pytest.raises(ConfigError, match=says) as caught:
        config.parse("crm", table)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[limits]", "[limit]", "`limit` is no line"),
        ("per_second = 8", 'per_second = "8"', "limits.per_second"),
        ('kind = "cursor"', 'kind = "cursors"', "cannot be `cursors`"),
        ('key = ["id"]', 'key = ["uid"]', "no column `uid`"),
        ('key = ["id"]', "key = []", "has no `key`"),
        ("/contacts/{id}", "/contacts/{uid}", "stands for nothing"),
        ('body = "{changes}"', 'body = "x"', "sends no changes"),
        ('"text required unique"', '"varchar"', "no column"),
        ('get = "/crm', 'fetch = "/crm', "`fetch` is no line"),
        ('get = "/crm', 'get = "https://x/crm', "which call"),
        ('title = "CRM"', "title = ", "not valid TOML"),
    ],
)
def test_a_description_that_is_wrong_says_where(old, new, says):
    text = (TEMPLATES / "crm.toml").read_text()
    assert old in text
    with pytest.raises(ConfigError, match=says) as caught:
        http_api.parse(text.replace(old, new), "apis/crm.toml")
    assert "apis/crm.toml" in str(caught.value)


@pytest.mark.parametrize("name", ["crm", "newsletter"])
def test_the_templates_are_descriptions(name):
    api = http_api.read(TEMPLATES / f"{name}.toml")
    assert api.changes
    assert all(table.read for table in api.tables.values())


def test_the_reference_describes_a_service_and_names_the_defaults():
    page = (Path(__file__).parents[2] / "docs/reference/http.md").read_text(encoding="utf-8")
    api = http_api.parse(page.partition("```toml\n")[2].partition("```")[0], "http.md")
    assert api.limits == http_api.Limits()
    assert set(api.tables["contacts"].find) == {("id",), ("email",)}


def test_no_fault_has_a_second_voice(crm, caplog):
    """Nothing of a call is logged, at any level."""
    caplog.set_level(logging.DEBUG)
    read(opened(crm.address))
    crm.faults.append(lambda _: Reply(400))
    with pytest.raises(ChikaiError):
        read(opened(crm.address))
    assert caplog.text == ""
