"""A text that a company has is shown as it was read: with how surely, and where in the text it stands."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

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
    assert page.status_code == 200
    assert "outline" not in page.context
    assert page.context["form"].errors
    assert {f.name: f.read_bytes() for f in settings.HOME.policy.iterdir() if f.is_file()} == before


def test_a_text_with_markup_is_shown_and_not_run(officer):
    words = "プライバシーポリシー\n1 利用目的\n<script>alert(1)</script>商品を届けるため\n"
    assert "<script>alert" not in text(officer.post(PATH, {"words": words}))
