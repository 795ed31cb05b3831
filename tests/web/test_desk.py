"""The console: each page for its roles, and each act by its action."""

from datetime import timedelta

import pytest
from django.conf import settings

from chikai import clock
from chikai.sources import mapfile
from chikai.web.models import Candidate, Installation, Job, MapEdition, Staff
from tests.web import world

pytestmark = pytest.mark.django_db

OPENED = {
    "/desk": {"officer", "desk", "engineer", "auditor"},
    "/desk/policy": {"officer", "desk", "engineer", "auditor"},
    "/desk/policy/publish": {"officer"},
    "/desk/policy/import": {"officer"},
    "/desk/policy/changes": {"officer", "desk", "engineer", "auditor"},
    "/desk/policy/clause/2.1": {"officer"},
    "/desk/policy/accept/L-DIS-03/-": {"officer"},
    "/desk/map": {"officer", "engineer", "auditor"},
    "/desk/map/balus": {"officer", "engineer", "auditor"},
    "/desk/map/balus/table/accounts": {"officer", "engineer", "auditor"},
    "/desk/sources": {"officer", "engineer", "auditor"},
    "/desk/sources/balus": {"officer", "engineer", "auditor"},
    "/desk/sources/connect": {"engineer"},
    "/desk/people": {"officer", "desk", "auditor"},
    "/desk/ledger": {"officer", "auditor"},
    "/desk/staff": {"officer", "auditor"},
    "/desk/account": {"officer", "desk", "engineer", "auditor"},
}


def text(response):
    return response.content.decode()


@pytest.mark.clause("1.2")
@pytest.mark.parametrize("path", OPENED)
def test_a_page_opens_for_its_roles_only(as_role, client, path):
    world.full()
    assert client.get(path)["Location"].startswith("/sign-in")
    for role in world.ROLES:
        status = as_role(role).get(path).status_code
        assert status == (200 if role in OPENED[path] else 403), role


@pytest.mark.parametrize("role", world.ROLES)
def test_the_menu_offers_what_opens(as_role, role):
    world.full()
    page = text(as_role(role).get("/desk"))
    for path in ("/desk/map", "/desk/people", "/desk/ledger", "/desk/staff", "/desk/sources"):
        assert (f'href="{path}"' in page) == (role in OPENED[path]), path


@pytest.mark.parametrize("path", [p for p in OPENED if "balus" not in p and p.count("/") < 3])
def test_an_empty_installation_shows_helpful_pages(client, path):
    world.begin(policy=False)
    (settings.HOME.path / "chikai.toml").write_text('[operator]\nja = "架空"\n', "utf-8")
    world.sign_in(client, Staff.objects.get())
    assert client.get(path).status_code == 200
    assert client.get(f"/en{path}").status_code == 200


def test_no_page_of_the_desk_is_indexed_or_kept(as_role):
    world.full()
    page = as_role("officer").get("/desk")
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]


def test_an_auditor_changes_nothing(as_role):
    world.full()
    client = as_role("auditor")
    pair = Candidate.objects.first()
    before = settings.HOME.map_of("balus").read_text("utf-8")
    for path, data in (
        (f"/desk/people/{pair.pk}/one", {}),
        ("/desk/policy/publish", {}),
        ("/desk/policy/clause/2.1", {"ja": "x", "en": "x", "seen": "x"}),
        ("/desk/policy/accept/L-DIS-03/-", {"ja": "x"}),
        ("/desk/sources/connect", {"name": "x"}),
        ("/desk/sources/balus/ask/scan", {}),
        ("/desk/map/balus/adopt", {}),
        ("/desk/map/balus/table/accounts", {"column": "nickname", "category": "-"}),
        ("/desk/staff", {"name": "x", "email": "x@levii.example", "roles": "officer"}),
    ):
        assert client.post(path, data).status_code == 403, path
    assert settings.HOME.map_of("balus").read_text("utf-8") == before
    assert Candidate.objects.waiting().count() == 3


@pytest.mark.parametrize("role", ["desk", "engineer"])
def test_only_an_officer_decides_who_is_one_person(as_role, role):
    world.full()
    pair = Candidate.objects.first()
    assert as_role(role).post(f"/desk/people/{pair.pk}/one").status_code == 403
    assert as_role("officer").post(f"/desk/people/{pair.pk}/two").status_code == 302
    pair.refresh_from_db()
    assert pair.decided == "denied"


def test_an_engineer_decides_a_column_with_and_without_script(as_role):
    world.full()
    client, path = as_role("engineer"), "/desk/map/balus/table/accounts"
    answer = client.post(path, {"column": "nickname", "category": "name"})
    assert answer["Location"] == f"{path}#col-nickname"
    part = client.post(path, {"column": "last_ip", "category": "-"}, headers={"hx-request": "true"})
    assert text(part).startswith('<li id="col-last_ip"')
    accounts = mapfile.read(settings.HOME.map_of("balus")).by_name["accounts"]
    assert accounts.column("nickname").category == "name"
    assert accounts.column("last_ip").category == "-"


def test_an_engineer_decides_whose_rows_a_table_holds(as_role):
    world.full()
    as_role("engineer").post("/desk/map/balus/table/posts_001", {"whose": "shared"})
    assert mapfile.read(settings.HOME.map_of("balus")).by_name["posts_001"].whose == "shared"


def test_a_column_says_its_item_purposes_and_recipients(as_role):
    world.full()
    page = text(as_role("officer").get("/desk/map/balus/table/accounts"))
    for word in ("メールアドレス", "利用目的", "提供先", "条項"):
        assert word in page


def test_the_filter_shows_only_tables_with_open_columns(as_role):
    world.full()
    client = as_role("engineer")
    client.post("/desk/map/balus/table/posts_001", {"column": "memo", "category": "-"})
    page = text(client.get("/desk/map/balus?open=1"))
    assert "posts_001" not in page
    assert "posts_002" in page


def test_a_map_of_five_hundred_tables_stays_light(as_role):
    world.full(tables=500)
    page = as_role("engineer").get("/desk/map/balus", headers={"accept-encoding": "gzip"})
    assert len(page.content) < 12 * 1024
    assert "1 / 13" in text(as_role("engineer").get("/desk/map/balus"))


def test_adopting_puts_the_map_of_the_file_into_force(as_role):
    world.full()
    as_role("engineer").post("/desk/map/kata/adopt")
    found = MapEdition.objects.current("kata")
    assert found.digest == mapfile.read(settings.HOME.map_of("kata")).digest


def test_connecting_shows_the_grants_first_and_keeps_no_password(as_role):
    world.full()
    client = as_role("engineer")
    data = {"name": "web", "service": "website", "url": "postgresql://reader@db/web"}
    page = text(client.post("/desk/sources/connect", data))
    assert "GRANT" in page
    assert "reader" in page
    assert "web" not in settings.HOME.sources
    answer = client.post("/desk/sources/connect", {**data, "sure": "1"})
    assert settings.HOME.source("web").service == "website"
    assert answer["Location"].startswith("/desk/work/")


@pytest.mark.parametrize(
    "url",
    ["postgresql://reader:marker-4711@db/web", "postgresql://reader@db/web?password=marker-4711"],
)
def test_an_address_with_a_password_is_refused(as_role, url):
    world.full()
    data = {"name": "web", "service": "website", "url": url}
    as_role("engineer").post("/desk/sources/connect", {**data, "sure": "1"})
    assert "web" not in settings.HOME.sources
    assert "marker-4711" not in (settings.HOME.path / "chikai.toml").read_text("utf-8")


def test_work_shows_how_far_it_is_and_polls_until_its_end(as_role):
    world.full()
    client = as_role("engineer")
    for state in ("todo", "running", "done", "failed"):
        job = Job.objects.get(state=state)
        part = client.get(f"/desk/work/{job.pk}", headers={"hx-request": "true"})
        assert ("every 2s" in text(part)) == (state in ("todo", "running"))
        assert "<html" not in text(part)
    assert 'max="120" value="41"' in text(
        client.get(f"/desk/work/{Job.objects.get(state='running').pk}")
    )


def test_work_that_nobody_takes_says_that_a_worker_is_missing(as_role):
    world.full()
    client = as_role("engineer")
    job = Job.objects.get(state="todo")
    for seconds, missing in ((1, False), (20, True)):
        Job.objects.filter(pk=job.pk).update(asked_at=clock.now() - timedelta(seconds=seconds))
        page = text(client.get(f"/desk/work/{job.pk}"))
        assert ("ワーカーが動いていないようです" in page) == missing


def test_the_ledger_says_in_words_what_happened(as_role):
    world.full()
    page = text(as_role("auditor").get("/desk/ledger"))
    assert "ポリシーの版を公表しました" in page
    assert (
        "職員を招待しました"
        not in text(as_role("auditor").get("/desk/ledger?kind=policy.published")).split(
            "</select>"
        )[1]
    )


def test_an_invited_colleague_gets_a_link(as_role):
    from django.core import mail

    world.full()
    data = {"name": "山本 凛", "email": "rin@levii.example", "roles": ["desk"]}
    assert as_role("officer").post("/desk/staff", data).status_code == 302
    assert Staff.objects.get(email="rin@levii.example").roles == ["desk"]
    assert mail.outbox[0].to == ["rin@levii.example"]


def test_no_page_shows_a_name_or_an_address_of_a_person(as_role):
    world.full()
    page = text(as_role("officer").get("/desk/people"))
    assert "balus / accounts" in page
    assert "@" not in page


def test_two_installations_are_never_made(as_role):
    world.full()
    assert Installation.objects.count() == 1


def test_a_folder_and_a_service_have_pages_without_grants(as_role):
    world.full()
    more = """
[source.files]
kind = "folder"
service = "balus"
path = "/srv/files"

[source.crm]
kind = "http"
service = "balus"
url = "https://crm.example"
api = "apis/crm.toml"

[source.paper]
kind = "manual"
service = "balus"
owner = "総務部"
instruction = "棚"
"""
    world.home(world.TOML + more)
    client = as_role("engineer")
    for name in ("files", "crm", "paper"):
        page = client.get(f"/desk/sources/{name}")
        assert page.status_code == 200, name
        assert "GRANT" not in text(page)
    assert client.get("/desk/sources").status_code == 200
