"""The static site: it stands alone, is whole or absent, and never eats a foreign folder."""

import hashlib
import json
import re
from datetime import UTC, datetime

import pytest

from chikai.errors import BadInput
from chikai.policy import site

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # already the 23rd in Japan
STYLES = {"chikai.css": b"body{}", "policy.css": b".policy{}"}


def test_the_site_has_both_pages_the_bytes_and_the_styles(levii, tmp_path):
    site.build(levii.document, tmp_path / "out", styles=STYLES, now=NOW)
    names = {
        str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*") if p.is_file()
    }
    assert names == {
        "index.html", "en/index.html", "policy.json", "styles/chikai.css", "styles/policy.css", "chikai-site.json"
    }  # fmt: skip
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_the_digest_on_the_page_is_the_digest_of_the_file(levii, tmp_path):
    site.build(levii.document, tmp_path / "out", styles=STYLES, now=NOW)
    data = (tmp_path / "out" / "policy.json").read_bytes()
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    for name in ("index.html", "en/index.html"):
        assert digest in (tmp_path / "out" / name).read_text(encoding="utf-8")
    assert json.loads((tmp_path / "out" / "chikai-site.json").read_text())["digest"] == digest


def test_every_link_leads_to_a_file_of_the_site_or_a_clause(levii, tmp_path):
    out = tmp_path / "out"
    site.build(levii.document, out, styles=STYLES, now=NOW)
    for page in (out / "index.html", out / "en" / "index.html"):
        text = page.read_text(encoding="utf-8")
        assert "://" not in text
        assert "<script" not in text
        assert " style=" not in text
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            path, _, anchor = link.partition("#")
            assert (page.parent / path).exists() if path else f'id="{anchor}"' in text, link
        assert text.count("<h1>") == 1
        assert "default-src 'none'" in text


def test_the_day_is_the_day_in_japan(levii):
    page = site.page(levii.document, "ja", styles=(), now=NOW)
    assert "2026年11月23日" in page
    assert "2025年2月22日" in page


def test_the_same_document_gives_the_same_bytes(levii):
    one = site.files(levii.document, styles=STYLES, now=NOW)
    assert one == site.files(levii.document, styles=STYLES, now=NOW)


def test_a_site_that_was_built_before_is_replaced(levii, small, tmp_path):
    out = tmp_path / "out"
    site.build(levii.document, out, styles=STYLES, now=NOW)
    site.build(small.document, out, styles={"one.css": b""}, now=NOW)
    assert small.document.digest in (out / "index.html").read_text(encoding="utf-8")
    assert not (out / "styles" / "policy.css").exists()


def test_a_foreign_folder_is_left_alone(levii, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BadInput, match="not of this site"):
        site.build(levii.document, tmp_path, styles=STYLES, now=NOW)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["../evil.css", "a/b.css", "x.js", ".css"])
def test_a_style_with_another_name_is_refused(levii, tmp_path, name):
    with pytest.raises(BadInput):
        site.build(levii.document, tmp_path / "out", styles={name: b""}, now=NOW)
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_the_earlier_site(levii, small, tmp_path, monkeypatch):
    out = tmp_path / "out"
    site.build(levii.document, out, styles=STYLES, now=NOW)
    monkeypatch.setattr(site, "files", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        site.build(small.document, out, styles=STYLES, now=NOW)
    assert levii.document.digest in (out / "index.html").read_text(encoding="utf-8")
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize("other", ["CNAME", ".git/HEAD", "styles/own.css"])
def test_what_somebody_put_into_a_built_site_is_never_taken_away(levii, tmp_path, other):
    out = tmp_path / "out"
    site.build(levii.document, out, styles=STYLES, now=NOW)
    (out / other).parent.mkdir(exist_ok=True)
    (out / other).write_text("mine")
    with pytest.raises(BadInput, match=re.escape(f"`{other}`")):
        site.build(levii.document, out, styles=STYLES, now=NOW)
    assert (out / other).read_text() == "mine"
