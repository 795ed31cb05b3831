"""Equal identifiers have one spelling, and different ones do not."""

import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.people import normalise
from chikai.people.normalise import Keyed


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        ("Hanako@Example.JP", "hanako@example.jp"),
        ("  hanako@example.jp\n", "hanako@example.jp"),
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
        ("hanako@例え.jp", "hanako@xn--r8jz45g.jp"),
        ("hanako@例え。jp", "hanako@xn--r8jz45g.jp"),
        ("hanako@XN--R8JZ45G.jp", "hanako@xn--r8jz45g.jp"),
        ("hanako@example.jp.", "hanako@example.jp"),
        ("花子@example.jp", "花子@example.jp"),
        ('"odd@local"@example.jp', '"odd@local"@example.jp'),
    ],
)
def test_a_mail_address_has_one_spelling(written, spelling):
    assert normalise.mail(written) == spelling


def test_what_follows_a_plus_stays():
    assert normalise.mail("a+shop@example.jp") != normalise.mail("a@example.jp")


def test_dots_in_the_local_part_stay():
    assert normalise.mail("a.b@example.jp") != normalise.mail("ab@example.jp")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-",
        "なし",
        "@",
        "a@",
        "@b",
        "a b@example.jp",
        "a@.jp",
        "a@b..jp",
        None,
        17,
        "a" * 330 + "@b",
    ],
)
def test_what_is_no_address_has_no_spelling(written):
    assert normalise.mail(written) is None


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_spelling_is_spelt_like_itself(local, domain):
    once = normalise.mail(f"{local}@{domain}")
    assert once is None or normalise.mail(once) == once


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        ("03-1234-5678", "+81312345678"),
        ("０３（１２３４）５６７８", "+81312345678"),
        ("+81 3 1234 5678", "+81312345678"),
        ("+81 (0)3-1234-5678", "+81312345678"),
        ("010-81-3-1234-5678", "+81312345678"),
        ("090-1234-5678", "+819012345678"),
        ("０９０ー１２３４ー５６７８", "+819012345678"),
        ("09012345678", "+819012345678"),
        ("0120-123-456", "+81120123456"),
        ("0800-123-4567", "+818001234567"),
        ("03-1234-5678 内線12", "+81312345678"),
        ("03-1234-5678 ext. 12", "+81312345678"),
        ("+1 415 555 0100", "+14155550100"),
    ],
)
def test_a_telephone_number_is_e164(written, spelling):
    assert normalise.phone(written) == spelling


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-",
        "非公開",
        "1234-5678",
        "03-1234",
        "090-1234-567",
        "00-1234-5678",
        312345678,
        None,
        True,
    ],
)
def test_what_is_no_telephone_number_has_no_spelling(written):
    assert normalise.phone(written) is None


@given(st.from_regex(r"0(?:[2-9]|1[1-9])0?[0-9]{1,4}-[0-9]{2,4}-[0-9]{4}", fullmatch=True))
def test_japanese_numbers_agree_with_the_library_of_numbers(written):
    phonenumbers = pytest.importorskip("phonenumbers")
    known = phonenumbers.parse(written, "JP")
    if phonenumbers.is_valid_number(known):
        e164 = phonenumbers.format_number(known, phonenumbers.PhoneNumberFormat.E164)
        assert normalise.phone(written) == e164


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("山田 太郎", "山田太郎"),
        ("山田　太郎 様", "山田太郎"),
        ("ヤマダ タロウ", "やまだたろう"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダタロウ"),
        ("髙橋 花子", "高橋花子"),
        ("Taro YAMADA", "yamada, taro"),
        ("葛\U000e0100城", "葛城"),
    ],
)
def test_one_name_written_in_two_ways_agrees(one, other):
    assert normalise.name(one) == normalise.name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("山田太郎", "山田花子"), ("斎藤", "斉藤"), ("Taro Yamada", "Jiro Yamada")]
)
def test_two_names_disagree(one, other):
    assert normalise.name(one) != normalise.name(other)


def test_no_name_is_no_name():
    assert normalise.name("  　") is None
    assert normalise.name(None) is None


@pytest.mark.parametrize(
    "value", [True, 1, b"\x01", datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01", "t", "yes"]
)
def test_these_values_prove_an_address(value):
    assert normalise.is_proof(value)


@pytest.mark.parametrize(
    "value", [None, False, 0, b"\x00", "", "f", "False", "0", "no", "0000-00-00 00:00:00"]
)
def test_these_values_prove_nothing(value):
    assert not normalise.is_proof(value)


def test_digests_differ_by_key_and_by_kind():
    one, other = Keyed(b"1" * 32), Keyed(b"2" * 32)
    assert one.mail("a@b.jp") == one.mail("A@B.jp")
    assert one.mail("a@b.jp") != other.mail("a@b.jp")
    assert one.name("03") != one.phone("03-1234-5678")
    assert len(one.name("山田太郎")) == 8


@pytest.mark.parametrize("size", [0, 1, 32, 64, 65, 200])
def test_a_digest_is_hmac_sha256(size):
    key = b"k" * size
    assert Keyed(key).mail("a@b.jp") == hmac.digest(key, b"mail\0a@b.jp", "sha256")


def test_a_row_keeps_digests_and_its_key_only():
    keyed = Keyed(b"1" * 32)
    row = {"key": 17, "email": "Hanako@Example.JP", "verified": 1, "name": "山田花子", "phone": "x"}
    [kept] = normalise.digested([row, {"key": None, "email": "a@b.jp"}], keyed)
    assert kept[:-1] == ("17", keyed.mail("hanako@example.jp"), None, keyed.name("山田花子"), True)
    assert "hanako" not in repr(kept)


def test_a_row_that_changed_is_seen_to_have_changed():
    keyed = Keyed(b"1" * 32)
    row = {
        "key": 17,
        "email": "hanako@example.jp",
        "verified": 1,
        "name": "山田花子",
        "phone": None,
    }
    changes = [
        {},
        {"email": "h@example.jp"},
        {"verified": 0},
        {"name": None},
        {"phone": "0312345678"},
    ]
    seen = [next(normalise.digested([row | change], keyed))[-1] for change in changes]
    assert len(set(seen)) == len(changes)


def test_a_proof_without_an_address_proves_nothing():
    [kept] = normalise.digested([{"key": 1, "email": "none", "verified": True}], Keyed(b"1" * 32))
    assert kept[4] is False
