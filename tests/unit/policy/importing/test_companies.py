"""The policies of two companies are refused, in any order, with titles or without; what belongs to one company is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from chikai.cli.main import main
from chikai.policy.importing import outline_of

TEXTS = Path(__file__).parents[3] / "policies" / "texts"
PAIRS = [
    ("01-shop.txt", "02-clinic.txt"),
    ("02-clinic.txt", "45-factory.txt"),
    ("03-app.md", "09-school.txt"),
    ("05-npo.txt", "12-bare-number.txt"),
    ("10-unmarked.txt", "42-ryokan.txt"),
    ("11-dotted.txt", "41-saas.md"),
    ("38-law.txt", "15-groups.txt"),
    ("43-univ.txt", "72-care.txt"),
    ("50-insurance.txt", "52-taxi.txt"),
    ("54-group.txt", "07-maker.txt"),
    ("55-gym.md", "62-juku.txt"),
    ("68-bank.txt", "26-announced-above.txt"),
]
# Those whose first line is a title without the name, and who say in the next who speaks.
UNTITLED = ["10-unmarked.txt", "12-bare-number.txt", "02-clinic.txt", "41-saas.md", "68-bank.txt"]
CLINIC = """個人情報保護方針

医療法人社団みなも会 みなも皮膚科クリニック（以下、当院）は、患者さまの個人情報を大切に扱います。

【取得する個人情報】
・氏名、生年月日、住所、電話番号
・診療録、検査結果

【利用目的】
・患者さまへの医療の提供
・会計

【第三者への提供】
当院は、法令に定める場合を除き、患者さまの同意なく個人情報を第三者に提供しません。

【相談窓口】
みなも皮膚科クリニック 事務長
電話 048-000-0000
"""
BUILDER = """個人情報保護方針

有限会社ヤマノ工務店は、以下の方針に基づき個人情報を保護します。

一　個人情報は、工事の見積り及び施工のために利用し、それ以外には利用しない。
二　個人情報は、本人の同意なく第三者に提供しない。
三　個人情報の紛失、漏えい等を防ぐため、適切な措置を講じる。

平成29年5月30日
有限会社ヤマノ工務店
代表取締役　山野　茂
"""
ONE = """プライバシーポリシー

株式会社あさひ商店（以下「当社」といいます。）は、お客様の個人情報を次のとおり取り扱います。

1. 取得する情報
当社は、氏名、住所、電話番号を取得します。

2. 利用目的
当社は、商品の発送のために利用します。

3. 共同利用
株式会社あさひ物流と配送のために共同で利用します。

4. お問い合わせ窓口
〒100-0001 東京都千代田区千代田1-1
電話 03-1111-2222 privacy@asahi-shoten.example

2024年4月1日 制定
"""
ANNEXES = {
    "annex": "\n別紙\n\n1. 開示等の手続\n所定の用紙に記入してください。\n\n2. 手数料\n1件につき500円です。\n",
    "employees": "\n従業員の個人情報の取扱いについて\n\n当社は、従業員の個人情報を次のとおり取り扱います。\n\n1. 利用目的\n給与の計算のために利用します。\n\n2. 第三者への提供\n提供しません。\n\n3. 窓口\n人事部\n",
    "employees, named": "\n個人情報の取扱いについて（採用）\n\n株式会社あさひ商店は、応募者の個人情報を次のとおり取り扱います。\n\n1. 利用目的\n採用選考のために利用します。\n\n2. 第三者への提供\n提供しません。\n",
    "site terms": "\nサイトのご利用について\n\n株式会社あさひ商店（以下「当社」）が運営するサイトの利用条件を次のとおり定めます。\n\n1. 著作権\n当社に帰属します。\n\n2. 免責\n責任を負いません。\n",
    "group": "\nグループ会社における個人情報の取扱いについて\n\n株式会社ゆうひ食品（以下「当社」）は、個人情報を次のとおり取り扱います。\n\n1. 利用目的\n商品の開発のために利用します。\n\n2. 第三者への提供\n提供しません。\n",
    "accredited body": "\n認定個人情報保護団体\n\n一般社団法人みほん協会\n個人情報保護の苦情受付窓口\n東京都港区港1-1-1\n電話 03-9999-8888\n",
    "partners": "\n委託先一覧\n\n株式会社ひので運送\n有限会社つきみ印刷\n個人情報の配送、印刷を委託します。\n",
}
ENGLISH = """Privacy Policy

Asahi Shoten Co., Ltd. ("we", "us") handles personal information as follows.

1. Information we collect
We collect your name, address and phone number.

2. How we use it
We use the information to deliver the products you order.

3. Joint use
We jointly use the information with Asahi Logistics.

4. Contact
1-1 Chiyoda, Chiyoda-ku, Tokyo 100-0001
+81 3-1111-2222 privacy@asahi-shoten.example

Established: April 1, 2024
"""
OTHERS = (
    ENGLISH.replace("Asahi Shoten", "Kita Robotics")
    .replace("asahi-shoten", "kita-robotics")
    .replace("100-0001", "060-0001")
    .replace("+81 3-1111-2222", "+81 11-222-3333")
)


def _refused(*texts: str) -> str:
    return outline_of([(f"{at}.txt", text) for at, text in enumerate(texts)]).refused


def _text(name: str) -> str:
    return (TEXTS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_the_policies_of_two_companies_are_refused(pair: tuple[str, str], *, first: bool) -> None:
    one, other = (_text(name) for name in (pair if first else pair[::-1]))
    assert "different operators" in _refused(f"{one}\n\n{other}")
    assert "different operators" in _refused(one, other)


@pytest.mark.parametrize("name", UNTITLED)
def test_a_second_policy_without_its_title_is_refused_too(name: str) -> None:
    untitled = _text(name).lstrip().partition("\n")[2]
    assert "different operators" in _refused(f"{_text('03-app.md')}\n\n{untitled}")


# Who signs, with no word of the company anywhere else.
SIGNED = """{title}

1. 取得する情報
お申し込みの際に、氏名、住所、電話番号を取得します。

2. 利用目的
{what}のために利用します。

3. 第三者提供
法令に基づく場合を除き、同意なく第三者に提供しません。

4. お問い合わせ
電話 {phone}

{who}
"""


@pytest.mark.parametrize(
    "who",
    [
        "みどり商事株式会社",
        "みどり商事 株式会社",
        "みどり商事株式会社 代表取締役社長 緑一郎",
        "株式会社みどり商事　個人情報相談窓口",
        "会社名：みどり商事株式会社",
    ],
)
@pytest.mark.parametrize(
    "titles", [("個人情報保護方針", "プライバシーポリシー"), ("個人情報の取扱いについて",) * 2]
)
def test_two_policies_that_name_their_companies_in_the_signature_alone_are_refused(
    who: str, titles: tuple[str, str]
) -> None:
    one = SIGNED.format(title=titles[0], what="商品の発送", phone="03-1111-2222", who=who)
    other = SIGNED.format(
        title=titles[1], what="ご予約の確認", phone="06-3333-4444", who="株式会社さくら旅行"
    )
    assert "different operators" in _refused(f"{one}\n\n{other}")
    assert "different operators" in _refused(f"{other}\n\n{one}")


@pytest.mark.parametrize("both", [(CLINIC, BUILDER), (BUILDER, CLINIC)])
def test_two_policies_in_one_file_write_nothing(
    both: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "two.txt").write_text("\n".join(both), encoding="utf-8")
    text, out = str(tmp_path / "two.txt"), tmp_path / "policy"
    assert main(["policy", "import", text, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "みなも皮膚科クリニック`" in said
    assert "`有限会社ヤマノ工務店`" in said
    assert "hand in the policy of one company alone" in said
    assert not out.exists()
    assert main(["policy", "lint", text]) == 2
    assert "different operators" in capsys.readouterr().err


@pytest.mark.parametrize("annex", ANNEXES)
@pytest.mark.parametrize("apart", [True, False])
def test_what_belongs_to_one_company_is_read_as_its_policy(annex: str, *, apart: bool) -> None:
    texts = [ONE, ANNEXES[annex]] if apart else [ONE + ANNEXES[annex]]
    assert not _refused(*texts)


@pytest.mark.parametrize(
    "name", sorted(path.name for path in TEXTS.iterdir() if path.suffix != ".json")
)
def test_no_text_of_one_company_is_refused(name: str) -> None:
    assert not _refused(_text(name))


@pytest.mark.parametrize("texts", [(ONE, ENGLISH), (ENGLISH, ONE), (ONE + "\n" + ENGLISH,)])
def test_the_english_side_of_the_same_company_is_no_other_policy(texts: tuple[str, ...]) -> None:
    found = outline_of([(f"{at}.txt", text) for at, text in enumerate(texts)])
    assert not found.refused
    assert not any("do not say the same" in note for note in found.notes)


@pytest.mark.parametrize("texts", [(ONE, OTHERS), (OTHERS, ONE), (ONE + "\n" + OTHERS,)])
def test_the_english_text_of_another_company_is_refused_with_what_differs(
    texts: tuple[str, ...],
) -> None:
    said = _refused(*texts)
    assert "domain `asahi-shoten` and `kita-robotics`" in said
    assert "postal code `100-0001` and `060-0001`" in said


def test_an_english_side_that_is_behind_is_said() -> None:
    older = (
        ENGLISH.replace("2024", "2021").replace("3. Joint use\n", "").replace("4. Con", "3. Con")
    )
    notes = outline_of([("ja.txt", ONE), ("en.txt", older)]).notes
    said = next(note for note in notes if "do not say the same" in note)
    assert "last day `2024-04-01` and `2021-04-01`" in said
    assert "number of clauses `4` and `3`" in said
