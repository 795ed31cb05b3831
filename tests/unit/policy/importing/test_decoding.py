"""A company's file is read in the encoding that it really has, or refused with the way out."""

from __future__ import annotations

import pytest

from chikai.errors import BadInput
from chikai.policy.importing.decoding import LIMIT, decoded

TEXT = "個人情報保護方針\n\n第1条（利用目的）当社は、商品の発送のために利用します。\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp"],
)
def test_a_text_reads_alike_in_every_encoding(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding), "p.txt") == TEXT


def test_line_ends_of_other_systems_are_made_one() -> None:
    assert decoded(b"a\r\nb\rc\n", "p.txt") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b" \n\x00\n", "the file is empty"),
        (b"%PDF-1.7 /Font", "this is a PDF file"),
        (b"%PDF-1.7 /Image", "it may be a scan"),
        (b"PK\x03\x04docx", "this is an office or zip file"),
        (b"\x89PNG\r\n", "this is a picture"),
        ("\u3000\f\n".encode(), "pages without any text"),
        (b"\xff\xfea", "is not valid `utf-16`"),
        (
            "\u043f\u0440\u0438\u0432\u0435\u0442 ".encode("koi8-r") * 40,
            "encoding of the file is not known",
        ),
        (b"a" * (LIMIT + 1), "larger than 8 MB"),
    ],
)
def test_what_is_no_text_is_said(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as told:
        decoded(data, "p.txt")
    assert told.value.do
    assert told.value.where == "p.txt"
