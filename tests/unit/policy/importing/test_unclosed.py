"""A page in which nothing ends is read once, and not once more for each sign."""

import re

import pytest

from chikai.policy.importing import markup
from chikai.policy.placed import Placed

BEGIN = "<html><body><p>プライバシーポリシー</p><h2>1. 利用目的</h2><p>個人情報を取得します。</p>"


@pytest.mark.parametrize(
    "unclosed", ["<a ", "<!--", "<script", "<script>", "<style>x", "<b <!-- <i "]
)
def test_no_sign_is_left_that_nothing_ends(unclosed):
    page = BEGIN + unclosed * 20_000
    assert not re.search(r"<(?![^<>]*>)|<!--", markup.bounded(Placed.of(page)).words)
    assert "個人情報を取得します。" in markup.as_text(page)[0]


def test_what_a_script_holds_is_dropped_and_what_follows_stays():
    page = f"{BEGIN}<script>if (a < b) alert('<p>悪い</p>')</script><p>末尾です。</p>"
    text, dropped = markup.as_text(page)
    assert dropped
    assert "末尾です。" in text
    assert "alert" not in text


def test_a_picture_within_the_page_is_no_text():
    page = f'{BEGIN}<img src="data:image/png;base64,{"A" * 200_000}"><p>末尾です。</p>'
    text, _ = markup.as_text(page)
    assert "AAAA" not in text
    assert "末尾です。" in text
