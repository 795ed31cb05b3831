"""A text that a company has is shown as it was read: with how surely, and where in the text it stands."""

import shutil

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from chikai.policy import load, prose
from chikai.web.models.ledger import counted
from tests.web import world

pytestmark = pytest.mark.django_db
PATH = "/desk/policy/import"
SEED = (world.EXAMPLE / "seed.ja.txt").read_text("utf-8")


def text(response):
    return response.content.decode()


@pytest.fixture
def officer(as_role):
    world.begin()
    return as_role("officer")


def test_what_was_read_stands_beside_the_text_with_its_line(officer):
    page = officer.post(PATH, {"words": SEED})
    found = page.context
    assert len([one for one in found["clauses"] if one.depth == 0 and one.id[:1].isdigit()]) == 8
    assert found["items"]
    assert len(found["purposes"]) >= 7
    said = text(page)
    lines = SEED.split("\n")
    for one in found["purposes"]:
        assert f'href="#l-0-{one.line}"' in said
        assert one.says[:4] in "".join(lines[one.line - 1 : one.line + 1])
    assert 'id="l-0-1"' in said


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc-jp"])
def test_a_file_is_read_in_the_encodings_of_japan(officer, encoding):
    data = SEED.encode(encoding, errors="replace")
    page = officer.post(PATH, {"words": "", "file": SimpleUploadedFile("seed.txt", data)})
    assert len(page.context["purposes"]) >= 7


@pytest.mark.parametrize(
    "handed",
    [
        {"words": ""},
        {"words": " \n　"},
        {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 nothing")},
        {"file": SimpleUploadedFile("a.txt", b"")},
        {"file": SimpleUploadedFile("a.txt", "あ".encode() * 400_000)},
    ],
)
def test_what_cannot_be_read_is_said_and_changes_nothing(officer, handed):
    before = {f.name: f.read_bytes() for f in settings.HOME.policy.iterdir() if f.is_file()}
    page = officer.post(PATH, handed)
    assert page.status_code == 422
    assert "outline" not in page.context
    assert page.context["form"].errors
    assert {f.name: f.read_bytes() for f in settings.HOME.policy.iterdir() if f.is_file()} == before


def test_a_draft_begins_with_the_text_and_the_old_one_is_kept(officer):
    old = (settings.HOME.policy / "ja.md").read_bytes()
    assert officer.post(PATH, {"words": SEED, "says": "save"}).status_code == 302
    draft = load.read(settings.HOME.policy)
    assert len(draft.document.purposes) >= 7
    assert (
        prose.without_ids((settings.HOME.policy / "ja.md").read_text("utf-8")).strip()
        == SEED.strip()
    )
    kept = [
        p for p in settings.HOME.path.glob("policy-before-*") if (p / "ja.md").read_bytes() == old
    ]
    assert len(kept) == 1
    page = text(officer.get("/desk/policy"))
    assert "要記入" in page, "what the text does not say stops a publication"
    assert {r.kind: r.count for r in counted()}["policy.drafted"] == 1
    for folder in settings.HOME.path.glob("policy-before-*"):
        shutil.rmtree(folder)


def test_a_draft_begins_with_what_was_taken_and_without_what_was_not(officer):
    page = officer.post(PATH, {"words": SEED})
    found = page.context
    assert text(page).count('name="take"') == sum(
        len(found[name]) for name in ("items", "purposes", "recipients")
    )
    ticked = [one.id for one in (*found["items"], *found["purposes"])][1:]
    recipient = found["recipients"][0]
    sent = {"words": SEED, "says": "save", "asked": "1", "take": [*ticked, recipient.id]}
    assert officer.post(PATH, sent)["Location"] == "/desk/policy/structure"
    made = load.read(settings.HOME.policy).document
    names = {c.name.ja for c in made.categories}
    assert found["items"][0].says not in names
    assert {one.says for one in found["items"][1:]} == names
    assert len(made.purposes) == len(found["purposes"])
    assert [r.name.ja for r in made.recipients] == [recipient.says]
    for folder in settings.HOME.path.glob("policy-before-*"):
        shutil.rmtree(folder)


def test_a_text_that_is_no_policy_begins_no_draft(officer):
    before = (settings.HOME.policy / "ja.md").read_bytes()
    for says in ("", "save"):
        page = officer.post(PATH, {"words": "今日は晴れです。\n散歩に行きます。\n", "says": says})
        assert page.context["form"].errors
    assert (settings.HOME.policy / "ja.md").read_bytes() == before
    assert not list(settings.HOME.path.glob("policy-before-*"))


def test_a_text_with_markup_is_shown_and_not_run(officer):
    words = SEED.replace(
        "利用料金を請求するため", "<script>alert(1)</script>利用料金を請求するため"
    )
    page = officer.post(PATH, {"words": words})
    assert "outline" in page.context
    assert "<script>alert" not in text(page)


HEAD, MARK, REST = SEED.partition("\n3 ")
PARTS = (("a.txt", HEAD), ("b.txt", MARK.strip() + " " + REST))


def chosen(*parts):
    return [
        SimpleUploadedFile(
            name, said if isinstance(said, bytes) else said.encode("cp932", "replace")
        )
        for name, said in parts
    ]


def kept(*parts):
    """What the page sends again of the files that it has shown, with their numbers."""
    return {
        "name": [name for name, _said, _place in parts],
        "text": [said for _name, said, _place in parts],
        "place": [place for _name, _said, place in parts],
    }


def ids(page):
    return [one.id for one in page.context["clauses"] if one.depth == 0]


def drafted():
    return sorted(settings.HOME.path.glob("policy-before-*"))


def test_several_files_are_read_in_their_order_as_one_policy(officer):
    whole = officer.post(PATH, {"words": SEED})
    page = officer.post(PATH, {"words": "", "file": chosen(*PARTS)})
    assert ids(page) == ids(whole)
    said = text(page)
    assert said.index("a.txt") < said.index("b.txt")
    assert f"{HEAD.count(chr(10)) + 1}行" in said, "each says how much of it was read"
    names = {one.name for one in page.context["clauses"]}
    assert names == {"a.txt", "b.txt"}, "each reading says which file it stands in"
    turned = officer.post(PATH, {"words": "", "file": chosen(*reversed(PARTS))})
    assert ids(turned) != ids(whole)


def test_the_officer_puts_the_files_in_another_order_and_leaves_one_out(officer):
    (a, head), (b, rest) = PARTS
    page = officer.post(PATH, kept((b, rest, "2"), (a, head, "1")))
    assert ids(page) == ids(officer.post(PATH, {"words": SEED}))
    assert [one.name for one in page.context["handed"]] == [a, b]
    page = officer.post(PATH, kept((a, head, "1"), (b, "  \n", "2")))
    assert "b.txt" not in text(page)


def test_each_file_that_cannot_be_read_says_so_and_the_others_are_kept(officer):
    before = {f.name: f.read_bytes() for f in settings.HOME.policy.iterdir() if f.is_file()}
    wrong = (("c.pdf", b"%PDF-1.7 nothing"), ("d.txt", b""))
    for says in ("", "save"):
        page = officer.post(PATH, {"file": chosen(PARTS[0], *wrong), "says": says})
        assert page.status_code == 422
        assert "outline" not in page.context
        faults = page.context["form"].errors["file"]
        assert [one.partition(":")[0] for one in faults] == ["c.pdf", "d.txt"]
        assert HEAD.split("\n")[3] in text(page), "what was read need not be chosen again"
    assert {f.name: f.read_bytes() for f in settings.HOME.policy.iterdir() if f.is_file()} == before
    assert not drafted()
    sent = {**kept((PARTS[0][0], HEAD, "1")), "file": chosen(PARTS[1])}
    assert ids(officer.post(PATH, sent)) == ids(officer.post(PATH, {"words": SEED}))


def test_a_draft_begins_with_all_files(officer):
    (a, head), (b, rest) = PARTS
    sent = {**kept((b, rest, "2"), (a, head, "1")), "says": "save"}
    assert officer.post(PATH, sent).status_code == 302
    said = prose.without_ids((settings.HOME.policy / "ja.md").read_text("utf-8"))
    assert said.replace("\n", "") == SEED.replace("\n", "")
    for folder in drafted():
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    "many",
    [
        [(f"{n}.txt", HEAD) for n in range(21)],
        [("a.txt", "あ" * 200_000), ("b.txt", "い" * 200_000)],
    ],
)
def test_more_files_than_a_page_reads_are_refused(officer, many):
    page = officer.post(PATH, {"file": [SimpleUploadedFile(n, t.encode()) for n, t in many]})
    assert page.status_code == 422
    assert "outline" not in page.context


def test_a_text_that_was_chosen_twice_is_said_to_be_the_same(officer):
    page = officer.post(PATH, {"words": "", "file": chosen(("a.txt", SEED), ("b.txt", SEED))})
    assert "a.txtとb.txtは同じ文章です" in page.content.decode().replace("`", "")
