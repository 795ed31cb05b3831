"""How a clause is kept, in words: what the structure says about it, and the mechanisms that its `by` names.

The words promise nothing that is not built: a clause without a mechanism says so.

Clauses: 1.1.
Law: APPI Art. 21(1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chikai.policy import kinds
from chikai.policy.document import (
    UNNAMED,
    Clause,
    ClauseKind,
    DataCategory,
    Document,
    Language,
    Purpose,
    Recipient,
    RecipientKind,
    Right,
    RightKind,
    Stop,
    Text,
)


@dataclass(frozen=True, slots=True)
class Mechanism:
    """Something that keeps a clause: its name, a sentence about it, and what shows that it worked, if anything."""

    name: str
    sentence: Text
    evidence: Text = Text()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that the structure says under a clause, and sentences about it, in one language."""

    term: str
    says: tuple[str, ...]


# What a page shows for a clause; None means: say what the policy itself says.
Kept = Callable[[str], "tuple[Mechanism, ...] | None"]

NOTHING_YET: Final = Text("まだしくみはありません。", "No mechanism yet.")
NOTHING_MADE: Final = Text(
    "まだ作っていません。作ったときは、ここに載せます。",
    "None has been made so far. When it is, it is listed here.",
)
# The longest beginning of a module's name that stands here gives its words.
MECHANISMS: Final[Mapping[str, Text]] = {
    "keyfile": Text(
        "秘密の鍵は、サーバーの利用者だけが読めるファイルに一度だけ作ります。",
        "A secret is made once, in a file that only the server's own user can read.",
    ),
    "policy": Text(
        "本ポリシーは、意味も定めたひとつの文書から作られ、版ごとに保存されます。",
        "This policy is made from one document that also fixes its meaning, and each edition is kept.",
    ),
    "policy.lint": Text(
        "公表する前に、決められた規則で確かめます。",
        "Before it is published, it is checked against a set of rules.",
    ),
    "choices": Text(
        "本人が選んだことを、使う前に必ず見ます。",
        "What a person chose is looked at before any use.",
    ),
    "gate": Text(
        "本ポリシーにない使い方は、関門が断ります。",
        "The gate refuses uses that this policy does not name.",
    ),
    "ledger": Text(
        "したことは台帳に記録され、あとから変えられれば分かります。",
        "What was done is recorded in a ledger, and a later change of it would be noticed.",
    ),
    "sources": Text(
        "どの保管場所のどの列に何があるかを、データの地図で管理します。",
        "A map says which column of which source holds what.",
    ),
    "people": Text(
        "各サービスの記録を、確かめた本人に結びつけます。",
        "The records of each service are linked to a person whose identity was checked.",
    ),
    "rights": Text(
        "ご請求は、本人確認、調査、答えの順に進み、途中で止まっても続きから進みます。",
        "A request goes from the identity check to the search to the answer, and goes on after an interruption.",
    ),
    "anonymise": Text(
        "匿名加工情報は、先に決めた基準に合うものだけを作ります。",
        "Anonymised information is made only where it meets a standard fixed beforehand.",
    ),
    "provision": Text(
        "提供するたびに根拠を確かめ、記録します。",
        "The basis of each provision is checked, and the provision is recorded.",
    ),
    "incident": Text(
        "漏えい等が起きたときの期限と手順を管理します。",
        "Deadlines and steps after an incident are tracked.",
    ),
    "inquiry": Text(
        "お問い合わせと苦情に、受付から答えまでの記録が残ります。",
        "Inquiries and complaints are recorded from receipt to answer.",
    ),
    "sdk": Text(
        "各サービスは、情報を使うたびに関門に尋ねます。",
        "A service asks the gate each time that it uses information.",
    ),
    "cli": Text(
        "担当の技術者が、同じ規則のもとで、コマンドからも行えます。",
        "Engineers in charge can do it from the command line, under the same rules.",
    ),
    "web": Text(
        "手続きは、担当者の権限を確かめる画面から行われます。",
        "Procedures run on pages that check the rights of the officer.",
    ),
    "web.sign_in": Text(
        "パスワードを使わない方法で、ご本人と担当者を確かめます。",
        "Persons and officers sign in without passwords.",
    ),
}
RIGHTS: Final[Mapping[RightKind, Text]] = {
    "notify_purpose": Text("利用目的の通知", "Notice of the purpose of use"),
    "disclose": Text("開示", "Disclosure"),
    "disclose_records": Text("第三者提供の記録の開示", "Disclosure of records of provision"),
    "correct": Text("訂正", "Correction"),
    "add": Text("追加", "Addition"),
    "delete": Text("削除", "Deletion"),
    "suspend": Text("利用停止", "Suspension of use"),
    "erase": Text("消去", "Erasure"),
    "stop_provision": Text("第三者提供の停止", "Stop of provision to third parties"),
}
RECIPIENTS: Final[Mapping[RecipientKind, Text]] = {
    "entrusted": Text("委託先", "entrusted party"),
    "consent": Text("同意にもとづく提供先", "recipient by consent"),
    "joint": Text("共同利用", "joint use"),
    "succession": Text("事業の承継", "succession of business"),
    "law": Text("法令にもとづく提供先", "recipient by law"),
    "cloud": Text("クラウド（情報を取り扱わない）", "cloud that does not handle the data"),
}
MEANINGS: Final[Mapping[ClauseKind, Text]] = {
    "": Text("定めない", "Nothing of these"),
    "scope": Text("前文・適用の範囲", "Preamble and scope"),
    "items": Text("情報の項目", "Data items"),
    "purposes": Text("利用目的", "Purposes"),
    "safeguards": Text("安全管理措置", "Safeguards"),
    "anonymised": Text("匿名加工情報", "Anonymised information"),
    "register": Text("匿名加工情報の公表", "What was made of anonymised information"),
    "third_party": Text("第三者提供", "Provision to third parties"),
    "suspension": Text("利用の停止", "Suspension"),
    "requests": Text("開示などの請求", "Requests of persons"),
    "desk": Text("窓口", "The desk"),
    "change": Text("ポリシーの変更", "Changes of the policy"),
    "date": Text("日付", "Dates"),
}
_STOPS: Final[Mapping[Stop, Text]] = {
    "switch": Text(
        "求めがあれば、理由を問わず止めます。", "Stopped when you ask, without a reason."
    ),
    "ends_service": Text(
        "求めがあれば、理由を問わず止めます。ただし、次のようになります。",
        "Stopped when you ask, without a reason; but this is what then ends.",
    ),
    "law": Text(
        "法令が求めるため、止められません。", "It cannot be stopped, because a law asks for it."
    ),
}
_COUNTRIES: Final[Mapping[str, Text]] = {
    "JP": Text("日本", "Japan"),
    UNNAMED: Text("外国（国名の記載なし）", "abroad, country not named"),
    "US": Text("アメリカ合衆国", "United States of America"),
    "GB": Text("イギリス", "United Kingdom"),
    "DE": Text("ドイツ", "Germany"),
    "FR": Text("フランス", "France"),
    "IE": Text("アイルランド", "Ireland"),
    "NL": Text("オランダ", "Netherlands"),
    "CA": Text("カナダ", "Canada"),
    "AU": Text("オーストラリア", "Australia"),
    "SG": Text("シンガポール", "Singapore"),
    "KR": Text("韓国", "Republic of Korea"),
    "TW": Text("台湾", "Taiwan"),
    "IN": Text("インド", "India"),
    "CN": Text("中国", "China"),
    "VN": Text("ベトナム", "Viet Nam"),
}


def country(code: str) -> Text:
    """A country in words; its code where it has none here."""
    return _COUNTRIES.get(code, Text(code, code))


def by_modules(document: Document, clause: Clause) -> tuple[Mechanism, ...]:
    """The mechanisms that keep a clause, each sentence once; modules without words of their own use their room's."""
    made: dict[Text, list[str]] = {}
    for module in document.kept_by(clause):
        made.setdefault(words_of(module), []).append(module)
    return tuple(Mechanism(", ".join(names), sentence) for sentence, names in made.items())


def words_of(module: str) -> Text:
    """The words for a module, or for the room that it stands in; its bare name where there are none."""
    name = module
    while name:
        if name in MECHANISMS:
            return MECHANISMS[name]
        name = name.rpartition(".")[0]
    return Text(module, module)


def about(document: Document, clause: Clause, language: Language) -> tuple[Entry, ...]:
    """What the structure says under a clause: its purposes, items, recipients and rights."""
    words = _Words(document, language)
    return (
        *(words.purpose(p) for p in document.purposes if p.clause == clause.id),
        *(words.category(c) for c in document.categories if c.clause == clause.id),
        *(words.recipient(r) for r in document.recipients if r.clause == clause.id),
        *(words.right(r) for r in document.rights if r.clause == clause.id),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """Sentences about a document in one language."""

    document: Document
    language: Language

    def _(self, ja: str, en: str) -> str:
        return ja if self.language == "ja" else en

    def _list(self, names: Iterable[str]) -> str:
        return self._("、", ", ").join(names)

    def _categories(self, ids: Iterable[str]) -> str:
        wanted = set(ids)
        found = (c for c in self.document.categories if c.id in wanted)
        return self._list(c.name.in_(self.language) for c in found)

    def _purposes(self, found: Iterable[Purpose]) -> str:
        return self._list(p.name.in_(self.language) for p in found)

    def _recipient_name(self, recipient: Recipient) -> str:
        name = recipient.name.in_(self.language)
        return name + self._("（見本）", " (sample)") if recipient.sample else name

    def purpose(self, purpose: Purpose) -> Entry:
        return Entry(purpose.name.in_(self.language), tuple(self._purpose(purpose)))

    def _purpose(self, purpose: Purpose) -> Iterator[str]:
        for use in purpose.uses:
            service = self.document.service(use.service)
            name = service.name.in_(self.language) if service else use.service
            yield self._(f"{name}で使う情報：", f"Used by {name}: ") + self._categories(
                use.categories
            )
        given = [r for r in self.document.recipients if purpose.id in r.purposes]
        if given:
            yield self._("渡す先：", "Given to: ") + self._list(map(self._recipient_name, given))
        stop = self._("止め方：", "How to stop: ") + _STOPS[purpose.stop].in_(self.language)
        effect = purpose.stop_effect.in_(self.language)
        law = self._(f"（{purpose.law}）", f" ({purpose.law})") if purpose.law else ""
        yield (
            " ".join(filter(None, (stop + law, effect)))
            if self.language == "en"
            else stop + law + effect
        )

    def category(self, category: DataCategory) -> Entry:
        return Entry(category.name.in_(self.language), tuple(self._category(category)))

    def _category(self, category: DataCategory) -> Iterator[str]:
        held = [kinds.BY_ID[k] for k in category.kinds if k in kinds.BY_ID]
        if held:
            yield self._("中身：", "What it holds: ") + self._list(
                self._(kind.ja, kind.en) for kind in held
            )
        used = self._purposes(self.document.purposes_of(category.id))
        yield self._("使う目的：", "Used for: ") + (
            used or self._("決まっていません", "nothing yet")
        )
        given = self.document.recipients_of(category.id)
        if given:
            yield self._("渡す先：", "Given to: ") + self._list(map(self._recipient_name, given))

    def recipient(self, recipient: Recipient) -> Entry:
        return Entry(self._recipient_name(recipient), tuple(self._recipient(recipient)))

    def _recipient(self, recipient: Recipient) -> Iterator[str]:
        parts = (
            RECIPIENTS[recipient.kind].in_(self.language),
            country(recipient.country).in_(self.language),
            recipient.task.in_(self.language),
        )
        yield self._list(filter(None, parts))
        named = (p for p in self.document.purposes if p.id in recipient.purposes)
        yield self._("目的：", "Purposes: ") + self._purposes(named)
        yield self._("渡す情報：", "Given: ") + self._categories(recipient.categories)

    def right(self, right: Right) -> Entry:
        return Entry(RIGHTS[right.kind].in_(self.language), tuple(self._right(right)))

    def _right(self, right: Right) -> Iterator[str]:
        days, fee = right.target_days, right.fee_yen
        yield self._(f"お答えの目安：{days}日以内", f"Answered, as a rule, within {days} days")
        yield self._(
            f"手数料：{fee:,}円" if fee else "手数料：かかりません",
            f"Fee: {fee:,} yen" if fee else "Fee: none",
        )
        if right.identity != Text():
            yield self._("本人確認：", "Identity check: ") + right.identity.in_(self.language)
        if right.agents:
            yield self._("代理人によるご請求もお受けします。", "Agents may ask, too.")
