"""A text that was made to break the import ends soon: in a folder that reads back, or in one plain sentence and no file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chikai.cli.main import main
from chikai.policy import load
from chikai.policy.importing import files

POLICY = (
    "プライバシーポリシー\n\n株式会社見本（以下「当社」といいます。）は、次のとおり定めます。\n\n"
    "1. 利用目的\n当社は、個人情報を次の目的で利用します。\n(1) 商品を発送するため\n(2) 料金を請求するため\n\n"
    "2. 窓口\n電話 03-0000-0000\n"
)
PAGE = (
    "<!doctype html><html><body><h1>プライバシーポリシー</h1><h2>1. 利用目的</h2>"
    "<p>当社は、個人情報を商品の発送のために利用します。</p>{}<h2>2. 窓口</h2><p>電話 03-0000-0000</p></body></html>"
)
HOSTILE = {
    "nested lists": PAGE.format("<ul><li>" * 20_000 + "氏名").encode(),
    "nested boxes": PAGE.format("<div>" * 50_000 + "氏名" + "</div>" * 50_000).encode(),
    "nested tables": PAGE.format("<table><tr><td>" * 20_000 + "氏名").encode(),
    "entities": PAGE.format("<p>" + "&amp;&#x3042;&#0;&nosuch;" * 15_000).encode(),
    "nested quotes": (POLICY + "> " * 100_000 + "引用\n").encode(),
    "nested dashes": (POLICY + "".join(f"{' ' * n}- あ\n" for n in range(600))).encode(),
    "a line of five megabytes": (POLICY + "あ" * 1_700_000).encode(),
    "nothing but zeros": b"\x00" * 100_000,
    "zeros between": POLICY.replace("\n", "\n\x00").encode(),
    "line ends of all kinds": POLICY.replace("\n", "\r\n", 4).replace("。\n", "。\r", 1).encode(),
    "a mark of byte order": b"\xef\xbb\xbf" + POLICY.encode(),
    "two bytes a sign": POLICY.encode("utf-16"),
    "two bytes a sign and no mark": POLICY.encode("utf-16-le"),
    "half a sign": POLICY.encode("utf-16")[:-1],
    "Shift_JIS": POLICY.encode("cp932"),
    "noise": bytes(range(256)) * 400,
    "comments of ids": POLICY.replace("2. 窓口", "<!-- 1 -->\n2. 窓口\n<!-- 9.9.9 -->").encode(),
    "a million brackets": (POLICY + "（「『" * 150_000).encode(),
}


def outcome(data: bytes, folder: Path) -> tuple[int, bool]:
    """How the command ended, and whether a folder stands there; whatever stands there reads back."""
    source, out = folder / "p.txt", folder / "policy"
    source.write_bytes(data)
    code = main(["policy", "import", str(source), "--out", str(out)])
    if out.exists():
        load.read(out)
    left = {one.name for one in folder.iterdir()} - {"p.txt", "policy"}
    assert not left, "nothing half-written stays beside it"
    return code, out.exists()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_or_refused_and_nothing_else(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, stands = outcome(HOSTILE[name], tmp_path)
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert (code, stands) in {(0, True), (2, False)}
    if not stands:
        assert said.startswith("chikai: ")
        assert str(tmp_path / "p.txt") in said


@pytest.mark.parametrize(
    "name",
    [
        "line ends of all kinds",
        "a mark of byte order",
        "two bytes a sign",
        "two bytes a sign and no mark",
        "Shift_JIS",
    ],
)
def test_the_same_policy_in_another_writing_is_the_same_policy(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(HOSTILE[name])
    (tmp_path / "b.txt").write_text(POLICY, encoding="utf-8")
    other, plain = (files.read([tmp_path / one]) for one in ("a.txt", "b.txt"))
    assert [p.name for p in other.purposes] == [p.name for p in plain.purposes]
    assert [n.id for n in other.walk()] == [n.id for n in plain.walk()]


@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda text: (POLICY + text).encode("utf-8", "surrogatepass")),
        st.lists(
            st.sampled_from(
                [*"<>|-#()「」。、\n\r\f\x00", "<!-- 1 -->", "<ul>", "</li>", "&#x110000;", "第1条"]
            ),
            max_size=80,
        ).map(lambda signs: (POLICY + "".join(signs) + POLICY).encode()),
    )
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_bytes_are_read_or_refused(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    code, stands = outcome(data, tmp_path_factory.mktemp("text"))
    assert (code, stands) in {(0, True), (2, False)}
