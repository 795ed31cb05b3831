"""Who receives data, by what the text says of them; and the services that it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.countries import IN_JAPANESE as _COUNTRY
from chikai.policy.document import UNNAMED
from chikai.policy.importing import words
from chikai.policy.importing.lines import shadow
from chikai.policy.outline import FoundRecipient

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.outline import Node

_KINDS: Final = {
    "entrust": "entrusted",
    "joint": "joint",
    "foreign": "foreign",
    "third_party": "consent",
    "cookie": "foreign",
}
# The signs of a company's name; a particle behind another sign than kana ends what stands before the name.
_SIGN: Final = r"[一-龥々ァ-ヶーA-Za-z0-9・&ぁ-ん]"
_FORM: Final = r"(?:株式会社|合同会社|有限会社|合資会社|一般社団法人|有限公司)"
_AFTER: Final = (
    r"(?=[にはがをとのへも、。()\s:/」』]|及び|および|並びに|または|又は|等|など|各社|$)"
)
_HARD: Final = rf"{_FORM}|を"
_NO_VERB: Final = "".join(
    f"(?<!{end})" for end in ("する", "した", "いる", "ある", *"のはがにとも")
)
_NAMED: Final = re.compile(
    r"[A-Z][A-Za-z0-9.&-]*(?:\s[A-Z][A-Za-z0-9.&-]*){0,4},?\s(?:Inc\.?|LLC|(?:Co\.,?\s)?Ltd\.?|Corporation|Corp\.?|Limited|GmbH|Pte\.?(?:\sLtd\.?)?|PBC|PLC)"
    rf"|(?<!た)(?:(?!{_HARD}|ため){_SIGN}){{1,24}}{_NO_VERB}(?:株式会社|合同会社|有限会社|有限公司)|{_FORM}{_SIGN}{{2,24}}?{_AFTER}|{_FORM}{_SIGN}{_AFTER}"
    rf"|(?:(?!{_HARD}){_SIGN}){{1,16}}ホールディングス"
    r"|\b(?:Google|Amazon(?: Web Services)?|AWS|Stripe|Microsoft|Meta|Facebook|Twitter|LINE|Supabase|Vercel|Firebase|Sentry|Slack|Zoom|Salesforce|PayPal|Apple|Cloudflare|SendGrid|HubSpot|OpenAI)\b"
)
# What stands before a name within the same run of signs: `業務を`, `及び`, `当社の`.
_BEFORE_NAME: Final = re.compile(
    r"^.*(?:(?<!会社)(?<!法人)(?<=[一-龥ァ-ヶーA-Za-z0-9])(?:では|には|は|が|に|と|や|から|より|へ|として|している)|(?:当社|弊社|当法人|その|同社|国内|海外|現地|親会社|子会社|[国湾]|シンガポール|ベトナム)(?:の|である))(?=.)"
)
_AND: Final = re.compile("及び|および|並びに|ならびに|または|又は|もしくは|若しくは")
_NO_NAME: Final = re.compile(r"[「」]|^その他|(?:当社|弊社|者|先|各社|会社|企業|様|団体|機関|等)$")
_LISTED: Final = re.compile(
    r"(?:共同(?:して)?利用(?:する)?者?(?:の?範囲)?|委託先|提供先)(?:の(?:名称|範囲))?\s*[:]\s*(?P<who>\S.*)$"
)
_ROLE: Final = re.compile(
    r"(?:配送|運送|宅配|決済(?:代行)?|印刷|発送|広告|保険|警備|清掃|システム(?:開発|保守)?|サーバー?|業務委託|外部委託|委託|提携|パートナー|グループ|関連|子|親|加盟)(?:業者|会社|企業|事業者|先|機関|店)(?:等)?"
)
_IN_ENGLISH: Final = {
    "united states": "US",
    "u.s.": "US",
    "us": "US",
    "usa": "US",
    "china": "CN",
    "singapore": "SG",
    "vietnam": "VN",
    "korea": "KR",
    "taiwan": "TW",
    "india": "IN",
    "philippines": "PH",
    "united kingdom": "GB",
    "uk": "GB",
    "germany": "DE",
    "ireland": "IE",
    "australia": "AU",
    "canada": "CA",
    "france": "FR",
    "netherlands": "NL",
    "thailand": "TH",
}
# `米国の事業者`, `外国にある第三者`: somebody abroad who is not named.
_ROLE_ABROAD: Final = re.compile(
    rf"(?:外国|海外|国外|{'|'.join(pattern for pattern, _ in _COUNTRY)})(?:[ァ-ヶー]{{2,12}}州)?(?:の|に(?:ある|所在する|設置された))"
    r"(?:第三者|(?:外部|委託|クラウド)?(?:事業者|業者|企業|会社|法人)|(?:業務|外部)?委託先|提供先|再委託先|(?:提携|関連|グループ|関係|子|親)(?:会社|企業|先)|現地法人|クラウド(?:サービス)?|サーバー?|データセンター)"
)
# `a company in the United States`, `servers outside Japan`.
_ABROAD_IN_ENGLISH: Final = re.compile(
    r"\b(?:(?:service |cloud |third[- ]party )?(?:providers?|compan(?:y|ies)|processors?|vendors?|(?:sub)?contractors?|partners?|recipients?|servers?|affiliates?|subsidiar(?:y|ies))|third[- ]part(?:y|ies))"
    r" (?:(?:that|which) (?:is|are) )?(?:located |based |established )?(?:in (?:the )?(?P<where>"
    rf"{'|'.join(map(re.escape, _IN_ENGLISH))})(?![a-z])|in (?:an?)?other countr(?:y|ies)|in (?:a )?foreign countr(?:y|ies)|outside (?:of )?japan|abroad|overseas)",
    re.IGNORECASE,
)
_NOT: Final = re.compile(r"\b(?:not|never|no)\b[^.]*$", re.IGNORECASE)
# `提供する場合は、同意を得ます` promises something, and provides nothing.
_IN_CASE: Final = re.compile(r"[^。]{0,60}(?:場合|とき|際)(?:に?は|には?、|、)")
# What a name itself tells of the country, where nothing beside it says another.
_BY_NAME: Final = (
    (
        r"Inc\.|LLC|Google|Amazon|AWS|Stripe|Microsoft|Meta|Facebook|Supabase|Vercel|Firebase|OpenAI",
        "US",
    ),
    (r"Pte|Singapore", "SG"),
    (r"GmbH", "DE"),
    (r"Vietnam", "VN"),
    (r"China|Shanghai", "CN"),
    (r"Korea", "KR"),
    (r"Taiwan", "TW"),
    (r"India", "IN"),
    (r"Philippines", "PH"),
)
_ANCHORS: Final = (
    (r"委託", "entrusted"),
    (r"合併|承継|継承|事業譲渡", "succession"),
    (r"共同(?:して)?利用", "joint"),
)
# So many signs behind a name say its country; no sentence that names anybody is longer than the other.
_NEAR: Final = 60
_FAR: Final = 300
_LONGEST: Final = 6000
_DENIED: Final = re.compile(r"(?:ません|しない|ありません|ございません)。?$")
_SERVICE: Final = re.compile(
    r"(?:サービス|アプリ(?:ケーション)?|サイト|システム|ソフトウェア|ショップ|ストア|ゲーム|メディア|付随して提供される|学園|教室)[^「」、。]{0,12}「([^「」]{1,30})」"
)
_NEXT: Final = re.compile(r"」(?:、|及び|および|並びに|と|・)[^「」、。]{0,20}「([^「」]{1,30})」")
_KIND_OF_SERVICE: Final = re.compile(
    r"(?:ウェブサイト|ホームページ|研修サービス|オンライン(?:ショップ|ストア)|通信販売(?:サービス|サイト)|アプリケーション|スマートフォンアプリ|メールマガジン)(?!サイト|[^、。「」]{0,6}「)"
)


def of(nodes: Sequence[Node], operator: str) -> tuple[FoundRecipient, ...]:
    """The recipients in the order of the text, each once for its kind."""
    found: dict[tuple[str, str], FoundRecipient] = {}
    for top in nodes:
        if top.kind in _KINDS or top.kind in {"", "scope", "security", "items", "purposes"}:
            for one in _below(top, _KINDS.get(top.kind, ""), operator):
                found.setdefault((one.name, one.kind), one)
    return tuple(found.values())


def _below(node: Node, kind: str, operator: str) -> Iterator[FoundRecipient]:
    kind = _KINDS.get(node.kind, kind)
    seen = shadow(f"{node.title}\n{node.text}")
    for sentence in re.split(r"(?<=。)|\n", seen):
        said = next((name for pattern, name in _ANCHORS if re.search(pattern, sentence)), kind)
        said = said or ("foreign" if any(_abroad(sentence)) else "")
        if not said or _DENIED.search(sentence):
            continue
        for name, country in _names(sentence):
            if operator and (name in shadow(operator) or shadow(operator) in name):
                continue
            roles = (_ROLE, _ROLE_ABROAD, _ABROAD_IN_ENGLISH)
            sure = 0.5 if any(role.fullmatch(name) for role in roles) else 0.7
            yield FoundRecipient(name, said, country, node.id, sure, node.span)
    for child in node.children:
        yield from _below(child, kind, operator)


def _names(sentence: str) -> Iterator[tuple[str, str]]:
    """The names and the roles in a sentence, each once, with the country that is said of it."""
    sentence = sentence[:_LONGEST]
    label = _LISTED.search(sentence)
    who = _AND.sub(lambda m: "、" * len(m[0]), label["who"] if label else sentence)
    found: dict[str, str] = {}
    last = 0
    for match in _NAMED.finditer(who):
        cut = _BEFORE_NAME.match(match[0])
        name = match[0][cut.end() if cut else 0 :].strip()
        if name and not re.fullmatch(_FORM, name):
            before = who[last : match.end() - len(name)]
            found.setdefault(name, _country(name, before, who[match.end() : match.end() + _NEAR]))
        last = match.end()
    abroad = list(_abroad(who))
    for match in abroad:
        codes = [code for pattern, code in _COUNTRY if re.match(pattern, match[0])]
        said = (match.groupdict().get("where") or "").lower()
        found.setdefault(match[0], _IN_ENGLISH.get(said) or next(iter(codes), UNNAMED))
    for match in _ROLE.finditer(who):
        if not any(one.start() <= match.start() < one.end() for one in abroad):
            found.setdefault(match[0], "")
    if label:
        for part in words.parts(who):
            name = re.sub(r"\([^()]*\)|。$", "", part).strip()
            known = any(name in one or one in name for one in found)
            if 1 < len(name) <= 20 and not known and not _NO_NAME.search(name):
                found[name] = ""
    yield from found.items()


def _abroad(who: str) -> Iterator[re.Match[str]]:
    """Where a sentence speaks of somebody abroad by a role, but for what it only says of a case."""
    for match in _ROLE_ABROAD.finditer(who):
        if not _IN_CASE.match(who, match.end()):
            yield match
    for match in _ABROAD_IN_ENGLISH.finditer(who):
        if not _NOT.search(who[max(match.start() - _FAR, 0) : match.start()]):
            yield match


def _country(name: str, before: str, after: str) -> str:
    """The country in the brackets behind a name or directly before it; else the one that the name tells."""
    behind = re.match(r"\s*\(([^()]{1,40})\)", after)
    near = behind[1] if behind else before[-12:]
    for pattern, code in _COUNTRY:
        if re.search(pattern if behind else rf"(?:{pattern})(?:の|に(?:ある|所在する))?$", near):
            return code
    return next((code for pattern, code in _BY_NAME if re.search(pattern, name)), "")


def services(nodes: Sequence[Node]) -> tuple[str, ...]:
    """The names of services that stand in quotes, and the kinds of service that the preamble speaks of."""
    found: list[str] = []
    for node in nodes:
        if node.id.startswith("pre") or node.kind in {"scope", "definition"}:
            seen = node.whole
            found += [m[0] for m in _KIND_OF_SERVICE.finditer(seen)]
            quoted = [m for pattern in (_SERVICE, _NEXT) for m in pattern.finditer(seen)]
            found += [
                m[1]
                for m in quoted
                if not re.search(r"以下[、,]?[^「]{0,6}$", seen[: m.start(1) - 1][-10:])
            ]
    return tuple(
        dict.fromkeys(
            name for name in found if not re.match(r"本|当|個人情報|利用者|お客様|ユーザー", name)
        )
    )
