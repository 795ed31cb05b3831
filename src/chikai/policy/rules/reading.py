"""A policy as the rules read it: its outline in one spelling, sentence by sentence, with what each stands under.

The shadow of a text has one width of signs, no blanks and one spelling of the words that are written in many ways, so
a rule says a word once. A quote is always the text's own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from chikai.policy.importing.kinds import by_title
from chikai.policy.outline import Node, Outline
from chikai.policy.rules.wording import ASKED_BY_PERSONS, KEPT_FROM_OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.document import Document
    from chikai.policy.load import Half
    from chikai.policy.outline import Kind

_FEW: Final = 200
_KANA: Final = re.compile(r"[ぁ-んァ-ヶ]")
_LATIN: Final = re.compile(r"[A-Za-z]")
LONGEST: Final = (
    2000  # signs of one sentence that are read; a longer one is no sentence of a policy
)
_SPELLINGS: Final = (
    ("取り扱", "取扱"),
    ("致し", "いたし"),
    ("頂", "いただ"),
    ("下さい", "ください"),
    ("予め", "あらかじめ"),
    ("出来", "でき"),
    ("および", "及び"),
    ("または", "又は"),
    ("もしくは", "若しくは"),
    ("お客さま", "お客様"),
    ("何時でも", "いつでも"),
    ("の為", "のため"),
    ("る為", "るため"),
    ("うえで", "上で"),
    ("クッキー", "cookie"),
    ("ウエブ", "ウェブ"),
    ("webサイト", "ウェブサイト"),
    ("ホームページ", "ウェブサイト"),
    ("継承", "承継"),
    ("滞り無く", "遅滞なく"),
    ("遅滞無く", "遅滞なく"),
    ("あつて", "あって"),
)
_ASKING: Final = re.compile(r"問い?合わ?せ")
_APPLYING: Final = re.compile(r"申し?込み?")
_BLANK: Final = re.compile(r"[\s\u200b\u200c\u200d\ufeff*]+")
# The stop of `…といいます。）` ends no sentence, and would part what stands around the brackets.
_INNER_STOP: Final = re.compile(r"。(?=[)」』])")
_OPEN_BLANK: Final = re.compile(r"【要記入[^】]{0,80}】")
# A line that broke inside a sentence: long enough, no end of a list or of a sentence, and the next goes on with kana
# that begin no item; or it ends in a comma or in kana that want more, and a sentence ends in what follows.
_LIST_END: Final = re.compile(
    r"(?:ため|こと|場合|とき|もの|です|ます|せん|ついて|とは|まで|から|等|など)$|[。：:」』)）]$"
)
_WANTS_MORE: Final = re.compile(r"[たるういのをにがはでとへもやてしりくびなかれけせ]$")
_PARTICLE: Final = re.compile(r"(?:[とをにへ]|は(?!がき)|が)(?=[ぁ-ん、一-龥])")
_GOES_ON: Final = re.compile(r"[ぁ-んー](?<![おご])")
_BEGINS: Final = re.compile(
    r"[・•●○◆■※\-*|]|[(（]?[0-9０-９一二三四五六七八九十]{1,2}[)）.．、]|第[0-9０-９一二三四五六七八九十]"
)
# Amid a word: what came before has a topic, a comma or a bracket, and what follows opens no sentence of its own.
_AMID: Final = re.compile(r"(?:は|を|が|に|、|。[)）」])[^、。]{0,40}[一-龥ァ-ヴーA-Za-z0-9]$")
_WORD: Final = re.compile(r"[一-龥ァ-ヴー]|[A-Za-z0-9]")
_OPENS: Final = re.compile(
    r"(?:当(?!該)|弊社|本[^人]|私|なお|また|ただし|但し|この|その|上記|以上|前項|次|以下|お客|利用者|ユーザ|会員|患者|個人(?:情報|データ))[^。]{0,20}(?:は|が|で|に|の|、)"
)
_SHORTEST: Final = 12
_END: Final = re.compile(r"(?<=。)(?![)）」』])|\n")


def shadow(text: str) -> str:
    """The text in one width, without blanks and in one spelling; what a template left open says nothing."""
    plain = unicodedata.normalize("NFKC", _OPEN_BLANK.sub("", text)).lower()
    plain = _INNER_STOP.sub("", _BLANK.sub("", plain))
    for written, one in _SPELLINGS:
        plain = plain.replace(written, one)
    return _APPLYING.sub("申込", _ASKING.sub("問い合わせ", plain))


def _breaks(line: str, below: str) -> bool:
    """Whether a sentence goes on from one line to the next."""
    if len(line) < _SHORTEST:
        return False
    if _LIST_END.search(line):
        return bool(_PARTICLE.match(below)) and not line.endswith("。")
    if line.endswith(("、", "，")) or _GOES_ON.match(below):
        return True
    if "。" not in below or _BEGINS.match(below):
        return False
    amid = _AMID.search(line[-60:]) and _WORD.match(below) and not _OPENS.match(below)
    return bool(_WANTS_MORE.search(line) or amid)


def rejoined(text: str) -> str:
    """The text with the lines joined that broke inside a sentence."""
    lines = text.split("\n")
    parts = lines[:1]
    for last, line in pairwise(lines):
        parts += [line.strip()] if _breaks(last.strip(), line.strip()) else ["\n", line]
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: the clause that says it, its shadow, its own words, and the kinds of all it stands under."""

    at: str
    text: str
    raw: str
    under: frozenset[Kind]

    @property
    def top(self) -> str:
        """The article that it stands in."""
        return self.at.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Flow:
    """Something that leaves the company, as a register of the operator holds it."""

    to: str
    categories: tuple[str, ...]
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Registers:
    """What registers of the operator say, as plain values; None where nobody asked them.

    `columns` are columns that no data item covers; `flows` what leaves the company, by recipient id; `anonymised` the
    items of anonymised information that was made; `uses` how often each purpose was used in `use_days` days, or None
    where it was not yet counted for so long; `accredited` the organisation of which the company is a member; `evidence_days` the age of the newest
    evidence by clause id.
    """

    columns: tuple[str, ...] | None = None
    flows: tuple[Flow, ...] | None = None
    anonymised: tuple[str, ...] | None = None
    uses: tuple[tuple[str, int | None], ...] | None = None
    use_days: int = 0
    accredited: str | None = None
    evidence_days: tuple[tuple[str, int | None], ...] | None = None


NOBODY_ASKED: Final = Registers()


@dataclass(frozen=True)
class Reading:
    """One policy before the rules: its outline, its structure where there is a folder, and the registers.

    `halves` is what a folder says in one of its languages only.
    """

    outline: Outline
    document: Document | None = None
    registers: Registers = NOBODY_ASKED
    on: date = field(default=date(2026, 11, 2))
    halves: tuple[Half, ...] = ()

    @cached_property
    def under(self) -> dict[str, frozenset[Kind]]:
        """The kinds of a clause and of all clauses above it, by id."""
        found: dict[str, frozenset[Kind]] = {}

        def note(node: Node, above: frozenset[Kind]) -> None:
            kind: Kind = node.kind
            told = not kind or kind.startswith("rights")
            if told and node.title and _TO_SOMEBODY.search(shadow(node.title)):
                kind = "third_party"
            if kind.startswith("rights") and _gives_away(self.shadows[node.id]):
                kind = "third_party"
            kinds = above | {kind} if kind else above
            if node.title and _OF_RIGHTS.search(shadow(node.title)):
                kinds |= {"rights"}
            found[node.id] = kinds
            for child in node.children:
                note(child, kinds)

        part: frozenset[Kind] = frozenset()
        for node in self.outline.nodes:
            if node.id.startswith("pre"):
                part = _of_requests(node)
            note(node, part)
        return found

    @cached_property
    def shadows(self) -> dict[str, str]:
        """Each clause's own title and words in one spelling, by id."""
        return {n.id: shadow(f"{n.title}\n{n.text}") for n in self.outline.walk()}

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence in the order of the text; a title counts as one."""
        return tuple(
            Sentence(node.id, text, raw, self.under[node.id])
            for node in self.outline.walk()
            for raw in _END.split(f"{node.title}\n{rejoined(node.text)}")
            if (text := shadow(raw[:LONGEST]))
        )

    @cached_property
    def is_japanese(self) -> bool:
        """Whether the text is Japanese, as its kana say; a text of few words is taken for it."""
        text = "".join(f"{n.title}{n.text}" for n in self.outline.walk())
        latin = len(_LATIN.findall(text))
        return latin < _FEW or len(_KANA.findall(text)) * 20 >= latin

    @cached_property
    def text(self) -> str:
        """The whole shadow, one line a sentence."""
        return "\n".join(s.text for s in self.sentences)

    @cached_property
    def tops(self) -> tuple[Node, ...]:
        """The articles, without the preamble and the dates."""
        return tuple(n for n in self.outline.nodes if not n.id.startswith(("pre", "d.")))

    def whole(self, id_: str) -> str:
        """The shadow of a clause with everything below it."""
        node = self.outline.by_id.get(id_)
        return "\n".join(self.shadows[n.id] for n in node.walk()) if node else ""

    @cached_property
    def _by_clause(self) -> dict[str, list[Sentence]]:
        found: dict[str, list[Sentence]] = {}
        for sentence in self.sentences:
            found.setdefault(sentence.at, []).append(sentence)
        return found

    def said(self, id_: str) -> list[Sentence]:
        """The own sentences of a clause."""
        return self._by_clause.get(id_, [])

    def saying(self, pattern: re.Pattern[str], *kinds: Kind) -> Iterator[Sentence]:
        """The sentences that a pattern finds, of all clauses or of those under these kinds."""
        for sentence in self.sentences:
            if (not kinds or sentence.under & set(kinds)) and pattern.search(sentence.text):
                yield sentence

    def first(self, *kinds: Kind) -> str:
        """The id of the first clause of these kinds, or an empty string."""
        return next((n.id for n in self.outline.walk() if n.kind in kinds), "")

    @cached_property
    def _leads(self) -> dict[str, str]:
        return {}

    def lead(self, node: Node) -> str:
        """The last sentence of a clause's own words, in one spelling."""
        # Rules ask for it once for each sentence, and a hostile clause has thousands.
        if node.id not in self._leads:
            parts = _END.split(rejoined(node.text))
            last = next((p for p in reversed(parts) if p.strip()), node.title)
            self._leads[node.id] = shadow(last[:LONGEST])
        return self._leads[node.id]

    @cached_property
    def rights(self) -> tuple[Sentence, ...]:
        """What the policy says about requests of persons, wherever it says so."""
        found, last = [], ""
        for s in self.sentences:
            if _about_rights(s) or (s.top == last and _OF_REQUESTS.search(s.text)):
                found.append(s)
                last = s.top
        return tuple(found)

    @cached_property
    def asked(self) -> frozenset[Sentence]:
        """The same, to look a sentence up."""
        return frozenset(self.rights)

    @cached_property
    def rights_text(self) -> str:
        """The same, one line a sentence."""
        return "\n".join(s.text for s in self.rights)

    @cached_property
    def is_company(self) -> bool:
        """Whether a body with a representative answers, as the structure says or else the text."""
        if self.document is not None:
            return self.document.controller.kind in {"company", "association"}
        text = OTHERS.sub("", self.text)
        if any(not _SERVES.match(text, m.end()) for m in _COMPANY.finditer(text)):
            return True
        return len(_CALLS_ITSELF.findall(text)) >= 3 and not _ALONE.search(text)


def _of_requests(preamble: Node) -> frozenset[Kind]:
    """What all clauses of a document are about whose title speaks of requests."""
    heads = [shadow(one.title) for one in preamble.walk() if one.title]
    asked = any(by_title(head) in RIGHTS_KINDS for head in heads)
    return frozenset(("procedure",)) if asked and preamble.id != "pre" else frozenset()


RIGHTS_KINDS: Final[frozenset[Kind]] = frozenset(
    (
        "rights",
        "rights.purpose",
        "rights.disclose",
        "rights.correct",
        "rights.suspend",
        "procedure",
        "fee",
    )
)
_RIGHT_WORDS: Final = re.compile(
    r"開示|訂正|利用(?:の)?(?:停止|中止)|消去|削除|追加|修正|照会|提供の?停止"
)
_ASKED: Final = re.compile(
    r"請求|求め|申し?出|依頼|希望|要請|応じ|受け?付け|本人(?:から|であること|確認)|問い合わせ|できます"
)
# What is said of a request that was just spoken of: 前項の請求, 当該申出.
_OF_REQUESTS: Final = re.compile(
    r"(?:前(?:[一二三2-9])?項|前[一二三四2-4]?[箇か]?条|上記|当該|これら|この|本項|かかる)の?(?:各)?ご?(?:請求|求め|申出|申し出|お申し?出|依頼)|ご希望に(?:沿|そ|応じ|お?応え)"
)
_TOOTHERS: Final = re.compile(
    r"第三者[にへ](?!の?提供の?(?:停止|記録))[^。]{0,30}開示|開示(?:の)?(?:を求められた|要請|命令)[^。]{0,8}(?:場合|とき)$"
    r"|(?:裁判所|警察|機関|委託)[^。]{0,30}開示"
)


# 開示 or 提供 to a company is no request of a person: 運送・宿泊機関等への開示, 保証会社等への提供.
_TO_SOMEBODY: Final = re.compile(
    r"(?:機関|会社|業者|事業者|先|第三者|他社|団体|企業)(?:等|など)?(?:へ|に)(?:の|対する)?[^。]{0,6}(?:開示|(?<!サービスの)提供)(?!の?(?:停止|記録|中止))"
)
# A heading over what persons may ask, whatever else it names: ご自身の情報についての請求, お客様の権利.
_OF_RIGHTS: Final = re.compile(
    r"(?:本人|自身|自分|お客様|利用者|会員|ユーザー|患者|皆様|皆さま|あなた)[^。]{0,20}(?:権利|請求(?!書)|求め|申し?出)|^(?:お?求め|お?申し?出)の(?:手続|方法|仕方)|^[^。]{0,8}(?:ご?請求|権利)(?:の[^。]{0,8})?(?:$|について|に(?:関|当|際|応|つ|対)|・|、|と|手続|方法|いただけ|でき)|(?:情報|データ)[^。]{0,12}(?:についての?|に関する|に対する)(?:ご)?(?:請求|権利|お?申し?出)|(?:消し|直し|見せ|止め|やめ|教え|変え)て(?:ほしい|欲しい|もらう|もらいたい)|(?:見|直し|消し|止め|やめ|確かめ)たい"
)
# A request in a clause of something else, where a heading was lost, and one in everyday words.
_WISHED: Final = re.compile(
    r"(?:開示|訂正|削除|停止|消去|通知)を(?:希望|請求|お求め|ご希望)(?:する|される|の)|(?:情報|内容|データ|記録)[^。]{0,8}(?:を|の)?[^。]{0,8}(?:見(?:る|せて)|直(?:す|して)|消(?:す|して))[^。]{0,16}(?:ほしい|欲しい|もらい|求め|頼|お?申し?出)"
    r"|(?:情報|内容|データ|記録|登録)[^。]{0,8}を?(?:見たい|直したい|消したい|確かめたい)|(?:使うの|利用|渡すの)を?やめてほしい"
    r"|(?:見せて|直して|消して|止めて|削除して|開示して)(?:ほしい|欲しい|もらいたい)"
)
_GIVEN_AWAY: Final = re.compile(
    r"第三者(?:に|へ|への)(?:対し)?[^。]{0,12}(?:開示|提供)[^。]{0,14}(?:ません|しない|禁止)|第三者への(?:開示|提供)"
)


def _gives_away(words: str) -> bool:
    """Whether a clause called 開示 tells what others get, and not what persons may ask for."""
    return bool(re.search(KEPT_FROM_OTHERS, words)) and not re.search(ASKED_BY_PERSONS, words)


def _about_rights(sentence: Sentence) -> bool:
    if _GIVEN_AWAY.search(sentence.text) and not re.search(r"停止|記録", sentence.text):
        return False
    if sentence.under & RIGHTS_KINDS:
        return True
    if sentence.under & {"third_party", "entrust", "joint", "foreign", "anonymised"}:
        named = set(re.findall(r"開示|訂正|利用の?停止|消去|利用目的の通知", sentence.text))
        wished = _WISHED.search(sentence.text) and not _TOOTHERS.search(sentence.text)
        return bool(wished or (len(named) >= 3 and _ASKED.search(sentence.text)))
    if _WISHED.search(sentence.text) and "purposes" not in sentence.under:
        return True
    return bool(
        _RIGHT_WORDS.search(sentence.text)
        and _ASKED.search(sentence.text)
        and not _TOOTHERS.search(sentence.text)
        and re.search(r"開示|訂正|利用(?:の)?停止|消去|本人", sentence.text)
    )


COMPANY_FORMS: Final = (
    r"株式会社|有限会社|合同会社|合資会社|合名会社|\(株\)|㈱|(?:一般|公益)?(?:社団|財団)法人|学校法人|医療法人"
    r"|社会福祉法人|宗教法人|特定非営利活動法人|npo法人|協同組合|(?:弁護士|税理士|司法書士|行政書士)法人|独立行政法人"
    r"|inc\.|co\.,?ltd|corporation|,ltd|llc"
)
_COMPANY: Final = re.compile(COMPANY_FORMS)
# Who serves the operator is somebody else, whatever form it has: `Zoom Communications, Inc. が提供する`.
_SERVES: Final = re.compile(
    r"(?<=[a-z.])[^。\n(]{0,12}(?:が|の|社の)(?:提供|運営|サービス|プライバシー)"
)
# A body calls itself so again and again; once is a template's word. A person alone is none, even so.
_CALLS_ITSELF: Final = re.compile(r"当社(?!団)|弊社|当(?:法人|団体|組合|協会|学園|財団|社団)")
_ALONE: Final = re.compile(r"個人事業主|個人で運営|個人開発|個人が運営|屋号")
# Makers of tools that a policy names for what they do.
OTHERS: Final = re.compile(
    r"(?:google|グーグル|ヤフー|yahoo!?|line|lineヤフー|meta|facebook|twitter|x|amazon|アマゾン(?:ウェブサービス)?(?:ジャパン)?|supabase|vercel|stripe|apple|microsoft|paypal|shopify|cloudflare|openai|squareup?)"
    r"[、,]?(?:japan|platforms|llc|inc\.?|corp(?:oration)?|合同会社|株式会社|,ltd)+"
)
