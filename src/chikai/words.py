"""The glossary: one noun, one name, on every floor.

Who writes a page, a message, a translation or a name in code looks here; `docs/reference/glossary.md` is made from it,
and a test finds each word of the Act in what we say. Names in code follow ISO, DPV and the Act: `disclose` has
one addressee, the person; `provide` goes to a third party; `delete` (Art. 34) corrects content that is wrong, `erase`
(Art. 35) ends its being held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Word:
    """A noun or verb of the product: in code, in Japanese, where the Act has it, and what we never write for it."""

    code: str
    ja: str
    law: str = ""
    never: tuple[str, ...] = ()


WORDS: Final = (
    Word("person", "本人", "APPI Art. 2(4)", ("user", "customer")),
    Word("operator", "個人情報取扱事業者", "APPI Art. 16(2)", ("company", "owner")),
    Word("personal information", "個人情報", "APPI Art. 2(1)", ("PII",)),
    Word("personal data", "個人データ", "APPI Art. 16(3)", ("PII",)),
    Word("retained personal data", "保有個人データ", "APPI Art. 16(4)", ("PII",)),
    Word("special-care information", "要配慮個人情報", "APPI Art. 2(3)", ("sensitive data",)),
    Word("pseudonymised information", "仮名加工情報", "APPI Art. 2(5)", ("masked",)),
    Word("anonymised information", "匿名加工情報", "APPI Art. 2(6)", ("de-identified",)),
    Word("purpose", "利用目的", "APPI Art. 17(1)", ("scope",)),
    Word("data category", "情報の項目", "", ("type",)),
    Word("use", "利用", "APPI Art. 18(1)", ("access",)),
    Word("acquire", "取得", "APPI Art. 20(1)", ("collect",)),
    Word("provide", "第三者提供", "APPI Art. 27(1)", ("share",)),
    Word("recipient", "提供先", "APPI Art. 27(1)"),
    Word("processor", "委託先", "APPI Art. 25", ("vendor",)),
    Word("joint use", "共同利用", "APPI Art. 27(5)"),
    Word("succession", "事業の承継", "APPI Art. 27(5)"),
    Word("foreign recipient", "外国にある第三者", "APPI Art. 28(1)"),
    Word("record of provision", "第三者提供の記録", "APPI Art. 29(1)", ("export log",)),
    Word("disclose", "開示", "APPI Art. 33(2)", ("export", "access request")),
    Word("correct", "訂正", "APPI Art. 34(1)", ("update",)),
    Word("add", "追加", "APPI Art. 34(1)"),
    Word("delete", "削除", "APPI Art. 34(1)"),
    Word("suspend", "利用停止", "APPI Art. 35(1)", ("block", "opt out")),
    Word("erase", "消去", "APPI Art. 35(1)", ("purge",)),
    Word("refuse", "理由の説明", "APPI Art. 36", ("reject",)),
    Word("safeguard", "安全管理措置", "APPI Art. 23"),
    Word("incident", "漏えい等", "APPI Art. 26(1)", ("breach event",)),
    Word("publish", "公表", "APPI Art. 21(1)", ("announce",)),
    Word("notify", "通知", "APPI Art. 21(1)"),
    Word("consent", "同意", "APPI Art. 27(1)", ("opt in",)),
    Word("inquiry", "苦情・お問い合わせ", "APPI Art. 40(1)", ("ticket",)),
    Word("officer", "担当者", "", ("agent",)),
    Word("clause", "条項"),
    Word("edition", "版", "", ("version",)),
    Word("gate", "関門", "", ("middleware",)),
    Word("decision", "判定"),
    Word("ledger", "台帳", "", ("blockchain",)),
    Word("source", "保管場所"),
    Word("map", "データの地図"),
)
BY_CODE: Final = {word.code: word for word in WORDS}
