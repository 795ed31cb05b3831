"""The published editions as a folder of files: what is published, whole, and nothing of the draft."""

import re
from dataclasses import replace

import pytest
from django.conf import settings

from chikai.cli.main import main
from chikai.policy import load
from chikai.policy.document import Text
from chikai.policy.load import Draft
from chikai.web import typeset
from chikai.web.actions import COMMAND
from chikai.web.actions.policy import publish_edition
from chikai.web.models import Edition
from chikai.web.public import folder
from tests.web import world

pytestmark = [pytest.mark.own_state, pytest.mark.django_db, pytest.mark.clause("8")]
UNPUBLISHED = "まだ公表していない言葉"


@pytest.fixture
def editions():
    """Three editions, and a draft that says something which nobody published."""
    world.begin()
    base = load.read(world.EXAMPLE)
    for words in ("第一の目的", "第二の目的", "第三の目的"):
        first, *others = base.document.purposes
        named = replace(first, name=Text(words, f"Purpose {words}"))
        clauses = [
            replace(c, body=Text(f"{c.body.ja}\n{words}", f"{c.body.en}\n{words}"))
            if c.id == first.clause
            else c
            for c in base.document.clauses
        ]
        made = replace(base.document, purposes=(named, *others), clauses=tuple(clauses))
        publish_edition(COMMAND, Draft(made, {}, base.accepted))
    file = settings.HOME.policy / "ja.md"
    text = file.read_text("utf-8")
    file.write_text(text.replace("当社は", UNPUBLISHED, 1), "utf-8")
    assert UNPUBLISHED in file.read_text("utf-8")
    return list(Edition.objects.all())


@pytest.fixture
def out(editions, tmp_path, capsys):
    assert main(["policy", "build", "--out", str(tmp_path / "site")]) == 0
    assert "made from the published editions: 3" in capsys.readouterr().out
    return tmp_path / "site"


def read(out, name):
    return (out / name).read_text("utf-8")


def test_the_folder_holds_the_edition_in_force_every_edition_and_what_changed(out, editions):
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    for tongue in ("", "en/"):
        for page in (
            *("", "policy/editions/"),
            *(f"policy/editions/{n}/" for n in (1, 2, 3)),
            *(f"policy/editions/{n}/print/" for n in (1, 2, 3)),
            *(f"policy/diff/{pair}/" for pair in ("1..2", "2..3", "1..3")),
        ):
            assert f"{tongue}{page}index.html" in names
    assert "第三の目的" in read(out, "index.html")
    assert "第一の目的" in read(out, "policy/editions/1/index.html")
    assert "第三の目的" not in read(out, "policy/editions/1/index.html")
    for one in editions:
        assert (out / f"policy/editions/{one.number}/policy.json").read_bytes() == one.canonical
    assert (out / "policy.json").read_bytes() == editions[0].canonical


def test_nothing_of_the_draft_is_in_it(out):
    for file in out.rglob("*"):
        assert file.is_dir() or UNPUBLISHED.encode() not in file.read_bytes(), file


def test_the_comparison_says_what_each_change_asks_and_shows_the_words(out):
    said = read(out, "policy/diff/1..3/index.html")
    assert "<ins>" in said
    assert '<p class="tags"><span class="tag' in said
    assert "第1版" in said
    assert "<form" not in said
    assert 'href="../2..3/index.html"' in said


@pytest.mark.parametrize("tongue", ["", "en/"])
@pytest.mark.parametrize("page", ["", "/print"])
def test_the_words_of_an_edition_are_those_of_the_served_page(out, client, tongue, page):
    for number in (1, 2):  # the served edition in force carries the ledger's figures as well
        edition = Edition.objects.get(number=number)
        published = edition.en if tongue else edition.ja
        address = f"{tongue}policy/editions/{number}{page}"
        assert published in client.get(f"/{address}").content.decode()
        assert published in read(out, f"{address}/index.html")


def test_every_link_leads_to_a_file_of_the_folder_or_a_place_of_the_page(out):
    for page in out.rglob("*.html"):
        text = page.read_text("utf-8")
        assert "<script" not in text
        assert "default-src 'none'" in text
        assert "<svg" not in text
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            path, _, anchor = link.partition("#")
            if not path.startswith("mailto:"):
                assert (page.parent / path).is_file() if path else f'id="{anchor}"' in text, link


@pytest.mark.skipif(typeset.font() is None, reason="no Japanese font")
def test_each_edition_is_there_as_pdf_too(out):
    for number in (1, 2, 3):
        for tongue in ("ja", "en"):
            file = out / f"policy/editions/{number}/policy.{tongue}.pdf"
            assert file.read_bytes().startswith(b"%PDF")
    assert 'href="policy/editions/3/policy.ja.pdf"' in read(out, "index.html")


def test_without_a_font_the_folder_has_no_pdf_and_the_command_says_so(
    editions, tmp_path, capsys, monkeypatch
):
    folder.policy.sheets.cache_clear()
    monkeypatch.setattr(typeset, "font", lambda: None)
    assert main(["policy", "build", "--out", str(tmp_path / "site")]) == 0
    assert "without PDF: no Japanese font" in capsys.readouterr().out
    assert not list(tmp_path.rglob("*.pdf"))
    assert "PDF" not in read(tmp_path / "site", "index.html")


def test_the_draft_is_built_only_where_it_is_asked_for_and_says_so(out, capsys):
    assert main(["policy", "build", "--draft", "--out", str(out)]) == 0
    assert "made from the policy's files" in capsys.readouterr().out
    assert "公表した版からではなく" in read(out, "index.html")
    assert UNPUBLISHED in read(out, "index.html")
    assert not (out / "policy").exists(), "what was built before is replaced"


def test_before_the_first_edition_the_draft_is_built_and_says_so(tmp_path, capsys):
    world.begin()
    assert main(["policy", "build", "--out", str(tmp_path / "site")]) == 0
    assert "not from a published edition" in capsys.readouterr().out
    assert "not from a published edition" in read(tmp_path / "site", "en/index.html")


def test_a_file_that_somebody_put_there_stops_the_build(out, editions, capsys):
    (out / "policy" / "editions" / "CNAME").write_text("mine")
    assert main(["policy", "build", "--out", str(out)]) == 2
    assert "policy/editions/CNAME" in capsys.readouterr().err
    assert (out / "policy" / "editions" / "CNAME").read_text() == "mine"
    assert (out / "index.html").exists()
