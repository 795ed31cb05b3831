"""Every article that the product cites, and nothing else about the law.

Numbers, captions and paragraph counts were compared with the official text of the Act as retrieved on 2025-09-24
(before the 2026 amendment); `checked=False` marks what was not. The one-line summaries are ours, not the law's words.
A citation that is not found here is refused, so a page cannot print an article that nobody looked up. The product
says which check passed on which evidence; it never says that a company complies with the law.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

REVISION: Final = "415AC0000000057, text retrieved 2025-09-24"
PROFILE: Final = "appi@2026-11-02"


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the Act on the Protection of Personal Information, or of its Cabinet Order or Rules.

    `paragraphs` is the highest paragraph number; a citation beyond it is refused.
    """

    statute: str
    number: int
    ja: str
    en: str
    paragraphs: int
    says: str
    checked: bool = True


_ACT: Final = (
    (2, "定義", "Definitions", 11, "what personal, pseudonymised and anonymised information are"),
    (16, "定義", "Definitions", 8, "operator, personal data, retained personal data"),
    (
        17,
        "利用目的の特定",
        "Specifying the purpose",
        2,
        "the purpose is fixed as concretely as possible",
    ),
    (
        18,
        "利用目的による制限",
        "Limit by purpose",
        3,
        "no use beyond the purpose without prior consent",
    ),
    (
        19,
        "不適正な利用の禁止",
        "No improper use",
        1,
        "no use that encourages unlawful or unjust acts",
    ),
    (20, "適正な取得", "Proper acquisition", 2, "no deceit; special-care information by consent"),
    (
        21,
        "取得に際しての利用目的の通知等",
        "Notice at acquisition",
        4,
        "the purpose is published or told",
    ),
    (22, "データ内容の正確性の確保等", "Accuracy", 1, "kept correct, erased when no longer needed"),
    (23, "安全管理措置", "Safeguards", 1, "measures against leak, loss and damage"),
    (24, "従業者の監督", "Supervision of employees", 1, "employees who handle data are supervised"),
    (25, "委託先の監督", "Supervision of processors", 1, "processors are supervised"),
    (
        26,
        "漏えい等の報告等",
        "Report of incidents",
        2,
        "report to the PPC and notice to the person",
    ),
    (
        27,
        "第三者提供の制限",
        "Limit on provision",
        6,
        "prior consent, exceptions, what is no third party",
    ),
    (
        28,
        "外国にある第三者への提供の制限",
        "Provision abroad",
        3,
        "consent or an equal system abroad",
    ),
    (
        29,
        "第三者提供に係る記録の作成等",
        "Records of provision",
        2,
        "a record of each provision is made and kept",
    ),
    (
        30,
        "第三者提供を受ける際の確認等",
        "Confirmation on receipt",
        4,
        "how the provider acquired it is confirmed",
    ),
    (
        31,
        "個人関連情報の第三者提供の制限等",
        "Personal-related information",
        3,
        "consent at the recipient is confirmed",
    ),
    (32, "保有個人データに関する事項の公表等", "Matters made available", 3, "who, why, how to ask"),
    (33, "開示", "Disclosure", 5, "the person receives the data that is held"),
    (34, "訂正等", "Correction", 3, "content that is wrong is corrected, added or deleted"),
    (35, "利用停止等", "Suspension", 7, "use or provision ends, or the data is erased"),
    (36, "理由の説明", "Reasons", 1, "a refusal is explained"),
    (
        37,
        "開示等の請求等に応じる手続",
        "Procedure",
        4,
        "how requests are taken, without excessive burden",
    ),
    (38, "手数料", "Fees", 2, "only for notice of purpose and disclosure, and reasonable"),
    (39, "事前の請求", "Request before suit", 3, "two weeks before a suit"),
    (
        40,
        "個人情報取扱事業者による苦情の処理",
        "Complaints",
        2,
        "complaints are handled properly and promptly",
    ),
    (41, "仮名加工情報の作成等", "Pseudonymised information", 9, "how it is made, kept and used"),
    (42, "仮名加工情報の第三者提供の制限等", "Its provision", 3, "none, except by law"),
    (
        43,
        "匿名加工情報の作成等",
        "Anonymised information",
        6,
        "standard, secrecy of method, publication",
    ),
    (
        44,
        "匿名加工情報の提供",
        "Its provision",
        1,
        "items and means are published, the recipient is told",
    ),
    (45, "識別行為の禁止", "No re-identification", 1, "a recipient does not identify persons"),
    (46, "安全管理措置等", "Safeguards for it", 1, "measures and complaints, made public"),
    (47, "認定", "Accreditation", 4, "accredited organisations that take complaints"),
)
ACT: Final = {row[0]: Article("APPI", *row) for row in _ACT}

# Articles of other laws that keep records from being erased. None of their texts was compared with the official one.
_KEEPING: Final = {
    "tax_books": ("法人税法施行規則", "Corporation Tax Act Enforcement Rules", 59, "帳簿書類の整理保存", "Keeping books and documents"),
    "consumption_tax": ("消費税法", "Consumption Tax Act", 58, "帳簿の備付け等", "Keeping books"),
    "company_books": ("会社法", "Companies Act", 432, "会計帳簿の作成及び保存", "Making and keeping accounting books"),
    "labour_records": ("労働基準法", "Labour Standards Act", 109, "記録の保存", "Keeping records"),
}  # fmt: skip
KEEPING: Final = {
    name: Article(f"{ja}/{en}", number, caption_ja, caption_en, 1, "records are kept for years", checked=False)
    for name, (ja, en, number, caption_ja, caption_en) in _KEEPING.items()
}  # fmt: skip


def keeping_in_words(name: str, language: str) -> str:
    """The article behind a hold as a person reads it; UnknownArticle otherwise."""
    if name not in KEEPING:
        raise UnknownArticle(name)
    article = KEEPING[name]
    ja, _, en = article.statute.partition("/")
    if language == "ja":
        return f"{ja}{article.number}条（{article.ja}）"
    return f"{en} Art. {article.number} ({article.en})"


_CITATION: Final = re.compile(r"^APPI Art\. (\d+)(?:\((\d+)\))?(?:\(([ivx]+)\))?$")


_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


@dataclass(frozen=True, slots=True)
class Source:
    """A place outside the Act that is cited whole, as its Cabinet Order, Rules or the commission's guidelines."""

    cite: str
    ja: str
    about_ja: str
    about_en: str
    checked: bool = True


_ORDER: Final = "個人情報保護法施行令"
_RULES: Final = "個人情報保護法施行規則"
_GUIDE: Final = "ガイドライン通則編"
SOURCES: Final = {
    row[0]: Source(*row)
    for row in (
        ("APPI Order Art. 10(i)", f"{_ORDER}10条1号", "講じた措置", "measures taken"),
        ("APPI Order Art. 10(ii)", f"{_ORDER}10条2号", "苦情の申出先", "place for complaints"),
        ("APPI Order Art. 10(iii)", f"{_ORDER}10条3号", "認定団体", "accredited organisation"),
        ("APPI Order Art. 12", f"{_ORDER}12条", "受け付ける方法", "how requests are taken"),
        ("APPI Order Art. 12(i)", f"{_ORDER}12条1号", "申出先", "where to ask"),
        ("APPI Order Art. 12(iii)", f"{_ORDER}12条3号", "本人の確認", "identity of the person"),
        ("APPI Order Art. 13(i)", f"{_ORDER}13条1号", "法定代理人", "legal representatives"),
        ("APPI Order Art. 13(ii)", f"{_ORDER}13条2号", "委任による代理人", "appointed agents"),
        ("APPI Rules Art. 11(1)", f"{_RULES}11条1項", "通知の方法", "how it is told"),
        ("APPI Rules Art. 11(2)", f"{_RULES}11条2項", "届出の方法", "how it is filed"),
        ("APPI Rules Art. 11(4)", f"{_RULES}11条4項", "届け出る事項", "matters to file"),
        ("APPI Rules Art. 14", f"{_RULES}14条", "届出事項の公表", "publication of the filing"),
        ("APPI Rules Art. 17(2)", f"{_RULES}17条2項", "外国の情報", "information on the country"),
        ("APPI Rules Art. 17(3)", f"{_RULES}17条3項", "国を特定できない場合", "country unknown"),
        ("APPI Rules Art. 17(4)", f"{_RULES}17条4項", "措置を示せない場合", "measures unknown"),
        ("APPI Rules Art. 30", f"{_RULES}30条", "開示の方法", "ways of disclosure"),
        ("APPI Rules Art. 36(1)", f"{_RULES}36条1項", "項目の公表", "publication of items"),
        ("APPI Rules Art. 37(1)", f"{_RULES}37条1項", "提供時の公表", "publication at provision"),
        ("APPI Rules Art. 37(2)", f"{_RULES}37条2項", "提供時の明示", "telling the recipient"),
        ("PPC GL 2-14", f"{_GUIDE}2-14", "本人に通知", "notice to the person"),
        ("PPC GL 2-15", f"{_GUIDE}2-15", "公表", "publication"),
        ("PPC GL 2-16", f"{_GUIDE}2-16", "本人の同意", "consent of the person"),
        ("PPC GL 3-1-1", f"{_GUIDE}3-1-1", "利用目的の特定", "specifying the purpose"),
        ("PPC GL 3-1-2", f"{_GUIDE}3-1-2", "利用目的の変更", "change of the purpose"),
        ("PPC GL 3-4-1", f"{_GUIDE}3-4-1", "正確性の確保等", "accuracy and erasure"),
        ("PPC GL 3-6-1", f"{_GUIDE}3-6-1", "第三者提供の原則", "provision in principle"),
        ("PPC GL 3-6-3", f"{_GUIDE}3-6-3", "第三者に該当しない場合", "who is no third party"),
        ("PPC GL 3-8-1", f"{_GUIDE}3-8-1", "公表等", "matters made available"),
        ("PPC GL 3-8-7", f"{_GUIDE}3-8-7", "請求の手続", "procedure of requests"),
        ("PPC GL 10-1", f"{_GUIDE}10-1", "基本方針", "basic policy"),
        ("PPC GL 10-2", f"{_GUIDE}10-2", "規律の整備", "rules of handling"),
        ("PPC GL 10-3", f"{_GUIDE}10-3", "組織的安全管理措置", "organisational measures"),
        ("PPC GL 10-4", f"{_GUIDE}10-4", "人的安全管理措置", "measures for personnel"),
        ("PPC GL 10-5", f"{_GUIDE}10-5", "物理的安全管理措置", "physical measures"),
        ("PPC GL 10-6", f"{_GUIDE}10-6", "技術的安全管理措置", "technical measures"),
        ("PPC GL 10-7", f"{_GUIDE}10-7", "外的環境の把握", "the external environment"),
        (
            "PPC GL-processed 3-1-1",
            "ガイドライン仮名加工情報・匿名加工情報編3-1-1",
            "匿名加工情報",
            "anonymised information",
        ),
        (
            "Telecommunications Business Act Art. 27-12",
            "電気通信事業法27条の12",
            "情報の外部送信",
            "external transmission",
            False,
        ),
        (
            "Installment Sales Act Art. 35-16",
            "割賦販売法35条の16",
            "カード番号等の管理",
            "care of card numbers",
            False,
        ),
        ("Act No. 56 of 2026", "令和8年法律第56号", "改正法", "the amendment", False),
    )
}


class UnknownArticle(LookupError):
    """A citation that is not in the table of articles."""


def cite(text: str) -> Article:
    """The article of a citation such as `APPI Art. 33(2)` or `APPI Art. 27(1)(iv)`; UnknownArticle otherwise."""
    match = _CITATION.match(text)
    article = ACT.get(int(match[1])) if match else None
    if match is None or article is None:
        raise UnknownArticle(text)
    if match[2] is not None and not 1 <= int(match[2]) <= article.paragraphs:
        raise UnknownArticle(text)
    return article


def is_checked(text: str) -> bool:
    """Whether a citation of the Act or of another source was compared with the official text."""
    return SOURCES[text].checked if text in SOURCES else cite(text).checked


def in_words(text: str, language: str) -> str:
    """A citation as a page prints it: `個人情報保護法33条2項（開示）` or `APPI Art. 33(2) (Disclosure)`."""
    if source := SOURCES.get(text):
        if language != "ja":
            return f"{text} ({source.about_en})"
        return f"{source.ja}（{source.about_ja}）"
    article = cite(text)
    match = _CITATION.match(text)
    if match is None:
        raise UnknownArticle(text)
    if language != "ja":
        return f"{text} ({article.en})"
    paragraph = f"{match[2]}項" if match[2] else ""
    paragraph += f"{_ROMAN.index(match[3]) + 1}号" if match[3] in _ROMAN else ""
    return f"個人情報保護法{article.number}条{paragraph}（{article.ja}）"
