"""What a register and the policy say of each other: which rows the policy names, and which it does not.

A data item in a register that no data category covers is a finding: data is handled that the policy does not name.

Clauses: 2.2, 4.1.
Law: APPI Art. 18(1), APPI Art. 25, APPI Art. 28(1).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from chikai.policy.kinds import KINDS
from chikai.sources import registers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chikai.policy.document import DataCategory, Document
    from chikai.sources.registers import Register, Row

# How registers write the kinds of content, beside the names in `kinds.KINDS`.
SAID: Final = {
    "name": "氏名 名前 お名前 姓名 本名 担当者名 会員名 顧客名",
    "kana": "フリガナ ふりがな よみがな カナ",
    "nickname": "ニックネーム ユーザー名 ユーザ名 表示名 ハンドル",
    "birth_date": "生年月日 年齢 誕生日 生年",
    "gender": "性別",
    "photo": "顔写真 写真 プロフィール画像 顔画像",
    "email": "メールアドレス メール Eメール eメールアドレス 電子メール Email",
    "phone": "電話番号 電話 TEL 携帯番号 携帯電話番号 FAX FAX番号",
    "contact": "連絡先 緊急連絡先 SNSアカウント",
    "postal_code": "郵便番号",
    "address": "住所 現住所 居所 自宅住所 送付先住所",
    "location": "位置情報",
    "company": "会社名 団体名 法人名 組織名",
    "workplace": "勤務先 部署 役職 所属 部署名 職業",
    "card_number": "クレジットカード番号 カード番号",
    "card": "クレジットカード情報 カード情報 クレジットカード",
    "bank": "口座番号 銀行口座 口座情報 振込先",
    "payment": "購入履歴 請求履歴 支払履歴 注文履歴 取引履歴 請求情報",
    "credential": "パスワード 認証情報",
    "ip": "IPアドレス",
    "user_agent": "端末情報 ブラウザ情報 ユーザーエージェント",
    "cookie_id": "Cookie クッキー 識別子 広告ID",
    "usage": "利用履歴 アクセスログ ログ 操作履歴 閲覧履歴 行動履歴",
    "attendance": "受講履歴 参加履歴 出席 成績",
    "message": "問い合わせ内容 お問い合わせ内容 問合せ内容 相談内容 質問内容",
    "file": "添付ファイル ファイル",
    "note": "評価 人事評価 メモ 面接記録",
    "relation": "家族構成 扶養家族 続柄 家族",
    "mynumber": "マイナンバー 個人番号",
    "id_document": "本人確認書類 運転免許証 パスポート 在留カード 免許証",
    "health": "健康診断結果 健康診断 病歴 健康情報 診断結果 既往歴 障害",
    "special_care": "信条 犯罪歴 人種 思想 宗教 要配慮個人情報",
    "attribute": "学歴 職歴 国籍 趣味 資格 給与 履歴書 経歴",
}
_SPLIT: Final = re.compile(
    r"[、,，・/／;；\n\r\t。|]+|(?:及び|および|並びに|ならびに|又は|または)|\s{2,}|など|等"
)
_FIRM: Final = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|一般社団法人|一般財団法人|㈱|㈲|\(株\)|\(有\)"
    r"|\b(?:co|ltd|inc|llc|corp|corporation|limited|kk|gk|company|pte|gmbh)\b\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One row against the policy. `named` lists ids of the policy or names of sources; `missing` what it lacks.

    `state` is `named` (the policy has all of it), `partly`, `not-named`, or `unread` (the row says nothing that
    was understood).
    """

    row: int
    sheet: str
    state: Literal["named", "partly", "not-named", "unread"]
    named: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    do: str = ""


def against(
    register: Register, policy: Document, sources: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """One finding for each row of the register."""
    known_sources = tuple(sources)
    if register.kind == "processors":
        return tuple(_processor(row, policy) for row in register.rows)
    return tuple(_handled(row, policy, known_sources) for row in register.rows)


def kind_of(text: str) -> str | None:
    """The kind of content that a word of a register names, if it is known."""
    wanted = registers.plain(text)
    if not wanted:
        return None
    for kind, said in _SAID.items():
        if wanted in said:
            return kind
    long_enough = [
        (len(word), kind)
        for kind, said in _SAID.items()
        for word in said
        if len(word) > 2 and wanted.endswith(word)
    ]
    return max(long_enough)[1] if long_enough else None


_SAID: Final = {
    kind.id: frozenset(
        registers.plain(word)
        for word in (*SAID.get(kind.id, "").split(), *kind.ja.split("・"), kind.en)
    )
    for kind in KINDS
}


def _pieces(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[()（）\[\]「」『』]", "、", plain)
    return [piece.strip(" ・:：") for piece in _SPLIT.split(plain) if piece.strip(" ・:：")]


def _handled(row: Row, policy: Document, sources: tuple[str, ...]) -> Finding:
    named: list[str] = []
    missing: list[str] = []
    unread: list[str] = []
    said = row.fields.get("categories") or row.fields.get("item")
    for piece in _pieces(str(said)) if isinstance(said, str) else []:
        category = _category(piece, policy)
        if category is not None:
            named.append(category.id)
            continue
        kind = kind_of(piece)
        (missing if kind else unread).append(kind or piece[:60])
    if row.fields.get("special_care") is True and not any(
        c.special_care != "no" for c in policy.categories
    ):
        missing.append("special_care")
    place = registers.plain(str(row.fields.get("place", "")))
    found = tuple(name for name in sources if place and registers.plain(name) in place)
    do = f"add {_quoted(missing)} to the policy, or stop holding it" if missing else ""
    return Finding(
        row.number,
        row.sheet,
        _state(named, missing),
        tuple(dict.fromkeys(named)),
        tuple(dict.fromkeys(missing)),
        tuple(dict.fromkeys(unread)),
        found,
        do,
    )


def _state(
    named: list[str], missing: list[str]
) -> Literal["named", "partly", "not-named", "unread"]:
    if missing:
        return "partly" if named else "not-named"
    return "named" if named else "unread"


def _category(piece: str, policy: Document) -> DataCategory | None:
    wanted = registers.plain(piece)
    for category in policy.categories:
        if wanted and wanted in (
            registers.plain(category.name.ja),
            registers.plain(category.name.en),
        ):
            return category
    kind = kind_of(piece)
    return policy.category_of_kind(kind) if kind else None


def _processor(row: Row, policy: Document) -> Finding:
    company = firm(str(row.fields.get("company", "")))
    recipient = next(
        (
            r
            for r in policy.recipients
            for name in (firm(r.name.ja), firm(r.name.en))
            if company
            and name
            and (company == name or (len(name) > 3 and (name in company or company in name)))
        ),
        None,
    )
    if not company:
        return Finding(row.number, row.sheet, "unread", do="write who the processor is")
    if recipient is None:
        do = "name it as a recipient in the policy, or end the entrusting"
        return Finding(row.number, row.sheet, "not-named", missing=("recipient",), do=do)
    missing = []
    country = row.fields.get("country")
    if isinstance(country, str) and country != recipient.country:
        missing.append("country")
    if row.fields.get("secrecy") is False:
        missing.append("secrecy")
    do = ""
    if "country" in missing:
        do = f"the policy says `{recipient.country}`, the register `{country}`: mend one of them"
    elif missing:
        do = "conclude an agreement on secrecy"
    return Finding(
        row.number,
        row.sheet,
        "partly" if missing else "named",
        (recipient.id,),
        tuple(missing),
        do=do,
    )


def firm(name: str) -> str:
    """The name of a firm for comparison, without its legal form."""
    return registers.plain(_FIRM.sub(" ", unicodedata.normalize("NFKC", name)))


def _quoted(words: list[str]) -> str:
    return ", ".join(f"`{word}`" for word in dict.fromkeys(words))
