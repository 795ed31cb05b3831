"""Other people in free text are proposed to the officer, and blacked out where the officer says so."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.rights import redaction

OWN = ("見本 花子", "hanako@mihon.example")


def names(text, known=()):
    return [found.text for found in redaction.find(text, own=OWN, known=known)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("佐藤さんから電話がありました。", ["佐藤"]),
        ("同席は林様と田中 一郎様でした。", ["林", "田中 一郎"]),
        ("スミスさんに確認。", ["スミス"]),
        (
            "連絡先はtaro@other.example、090-1234-5678です。",
            ["taro@other.example", "090-1234-5678"],
        ),
        ("John Smithさんの紹介", ["John Smith"]),
    ],
)
def test_somebody_else_is_found(text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "お客様のご要望どおりの仕様です。",
        "皆様、お疲れ様でした。様々な模様があります。",
        "見本花子さんより。返信は hanako@mihon.example へ。",
        "花子さんの件",
        "注文番号 2026-0001、10-20個、2026-11-22",
    ],
)
def test_the_person_and_plain_words_are_not(text):
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "own", "found"),
    [
        ("夫の見本太郎さんから電話。", ("見本 花子", "見本", "花子"), ["見本太郎"]),
        ("森田さんと大森さんが同席。森さんは欠席。", ("森 花子", "森", "花子"), ["森田", "大森"]),
        ("受講者見本花子さんの件", ("見本 花子",), []),
        ("返信は xhanako@mihon.example へ", ("hanako@mihon.example",), ["xhanako@mihon.example"]),
    ],
)
def test_who_shares_a_name_with_the_person_is_somebody_else(text, own, found):
    assert [one.text for one in redaction.find(text, own=own)] == found


def test_a_bare_name_is_found_where_the_place_holds_it():
    assert names("鈴木次郎の紹介で来店", known=("鈴木次郎", "林")) == ["鈴木次郎"]


def test_what_is_blacked_out_is_counted():
    text, count = redaction.redacted("佐藤さんと佐藤太郎さん", ("佐藤", "佐藤太郎"))
    assert text == "〔ほかの方の情報〕さんと〔ほかの方の情報〕さん"
    assert count == 2


@given(st.text(alphabet="佐藤さん様田中AaBb@.-0190 　。", max_size=60))
def test_finds_lie_in_the_text_and_never_overlap(text):
    found = redaction.find(text, own=OWN)
    assert all(text[f.start : f.end] == f.text and f.text for f in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=5), max_size=4))
def test_no_word_that_was_blacked_out_is_left(text, words):
    words = [w for w in words if w.strip() and w not in redaction.BLACK]
    done, _ = redaction.redacted(text, words)
    rest = done.replace(redaction.BLACK, "\0")
    assert not any(w in rest for w in words if "\0" not in w)
