"""The kinds of content that a column can hold: the vocabulary between databases and a policy's own data categories.

A policy names its data categories in its own words; each category lists the kinds that it covers. A scan proposes a
kind for a column, and the policy in force says which category that is, or that none covers it. Kinds are finer than
categories, so one scan serves every company's policy. `dpv` is the term of the Data Privacy Vocabulary 2.3 where one fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds, whoever the company is."""

    id: str
    ja: str
    en: str
    dpv: str = ""
    special_care: bool = False


KINDS: Final = tuple(
    Kind(*row)
    for row in (
        ("name", "氏名", "name of a person", "pd:Name"),
        ("kana", "氏名のよみ", "reading of a name", "pd:Name"),
        ("nickname", "表示名・ニックネーム", "display name, login name", "pd:Username"),
        ("birth_date", "生年月日・年齢", "date of birth, age", "pd:BirthDate"),
        ("gender", "性別", "gender", "pd:Gender"),
        ("photo", "顔写真・プロフィール画像", "portrait, avatar", "pd:Picture"),
        ("email", "メールアドレス", "e-mail address", "pd:EmailAddress"),
        ("phone", "電話番号・FAX番号", "telephone or fax number", "pd:TelephoneNumber"),
        ("contact", "その他の連絡先", "other contact, such as an account on a social network"),
        ("postal_code", "郵便番号", "postal code", "pd:PhysicalAddress"),
        ("address", "住所", "address", "pd:PhysicalAddress"),
        ("location", "位置情報", "location", "pd:Location"),
        ("company", "会社名・団体名", "name of a company or body"),
        ("workplace", "勤務先・部署・役職", "workplace, department, title", "pd:CurrentEmployment"),
        ("headcount", "人数", "number of people"),
        ("card_number", "カード番号", "card number", "pd:PaymentCardNumber"),
        (
            "card",
            "カード情報（番号を除く）",
            "brand, last four digits, expiry, token",
            "pd:PaymentCard",
        ),
        ("bank", "口座情報", "bank account", "pd:BankAccount"),
        ("payment", "支払・請求・注文の記録", "payments, invoices, orders", "pd:Transaction"),
        (
            "credential",
            "パスワード・認証情報",
            "password digest, secret, session",
            "pd:Authenticating",
        ),
        ("ip", "IPアドレス", "IP address", "pd:IPAddress"),
        ("user_agent", "端末・ブラウザの情報", "device or browser", "pd:DeviceBased"),
        ("cookie_id", "Cookie等の識別子", "cookie or device identifier", "pd:Identifying"),
        ("usage", "利用の記録", "what a person did, and when", "dpv:ServiceConsumptionBehaviour"),
        ("attendance", "受講・参加の記録", "attendance, certificates, results"),
        ("settings", "設定・希望", "settings and preferences", "pd:Preference"),
        ("public_content", "公開されたデータ", "content that is made to be public"),
        ("content", "作成したデータ", "content that a person made, not public"),
        (
            "free_text",
            "自由に書かれた文",
            "free text, which may hold anything",
            "dpv:UnstructuredData",
        ),
        ("message", "問い合わせ・やりとり", "messages and inquiries", "pd:Communication"),
        ("file", "ファイル・添付", "files and attachments"),
        ("note", "社内のメモ・評価", "what staff wrote about a person"),
        ("relation", "人と人・人と団体の関係", "who belongs to what or whom"),
        ("mynumber", "個人番号（マイナンバー）", "My Number"),
        ("id_document", "本人確認書類", "passport, licence, residence card", "pd:OfficialID"),
        ("health", "健康・病歴", "health", "pd:Health", True),
        ("special_care", "その他の要配慮個人情報", "other special-care information", "", True),
        ("attribute", "その他の属性", "another fact about a person"),
    )
)
BY_ID: Final = {kind.id: kind for kind in KINDS}
