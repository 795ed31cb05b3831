"""Who receives data, by what the text says of them; and the services that it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

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
_NAMED: Final = re.compile(
    r"[A-Z][A-Za-z0-9.&-]*(?:\s[A-Z][A-Za-z0-9.&-]*){0,4},?\s(?:Inc\.?|LLC|Ltd\.?|Corporation|Corp\.?|Limited|GmbH|Pte\.?|PBC|PLC)"
    r"|株式会社[一-龥々ァ-ヶーA-Za-z0-9・&]{1,24}|[一-龥々ァ-ヶーA-Za-z0-9・&]{1,24}株式会社|(?:合同|有限)会社[一-龥々ァ-ヶーA-Za-z0-9]{1,20}|[一-龥々ァ-ヶーA-Za-z0-9]{1,20}(?:合同|有限)会社"
    r"|\b(?:Google|Amazon(?: Web Services)?|AWS|Stripe|Microsoft|Meta|Facebook|Twitter|LINE|Supabase|Vercel|Firebase|Sentry|Slack|Zoom|Salesforce|PayPal|Apple|Cloudflare|SendGrid|HubSpot|OpenAI)\b"
)
_ROLE: Final = re.compile(
    r"(?:配送|運送|宅配|決済(?:代行)?|印刷|発送|広告|保険|警備|清掃|システム(?:開発|保守)?|サーバー?|業務委託|外部委託|委託|提携|パートナー|グループ|関連|子|親|加盟)(?:業者|会社|企業|事業者|先|機関|店)(?:等)?"
)
_COUNTRY: Final = (
    (
        r"アメリカ|米国|\bUSA?\b|Inc\.|LLC|Google|Amazon|AWS|Stripe|Microsoft|Meta|Facebook|Supabase|Vercel|Firebase|OpenAI",
        "US",
    ),
    (r"中国|中華人民", "CN"),
    (r"シンガポール|Pte", "SG"),
    (r"ベトナム", "VN"),
    (r"韓国|大韓民国", "KR"),
    (r"台湾", "TW"),
    (r"インド(?!ネシア)", "IN"),
    (r"フィリピン", "PH"),
    (r"英国|イギリス", "GB"),
    (r"ドイツ|GmbH", "DE"),
    (r"アイルランド", "IE"),
    (r"オーストラリア|豪州", "AU"),
    (r"カナダ", "CA"),
)
_ANCHORS: Final = (
    (r"委託", "entrusted"),
    (r"合併|承継|継承|事業譲渡", "succession"),
    (r"共同(?:して)?利用", "joint"),
)
_DENIED: Final = re.compile(r"(?:ません|しない|ありません|ございません)。?$")
_SERVICE: Final = re.compile(
    r"(?:サービス|アプリ(?:ケーション)?|サイト|システム|ソフトウェア|ショップ|ストア|ゲーム|メディア|付随して提供される|学園|教室)[^「」、。]{0,12}「([^「」]{1,30})」"
)
_NEXT: Final = re.compile(r"」(?:、|及び|および|並びに|と|・)[^「」、。]{0,20}「([^「」]{1,30})」")
_KIND_OF_SERVICE: Final = re.compile(
    r"ウェブサイト|ホームページ|研修サービス|オンライン(?:ショップ|ストア)|通信販売|アプリケーション|スマートフォンアプリ|メールマガジン"
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
        if not said or _DENIED.search(sentence):
            continue
        named = [m[0].strip() for m in _NAMED.finditer(sentence)] + [
            m[0] for m in _ROLE.finditer(sentence)
        ]
        for name in dict.fromkeys(named):
            if operator and (name in shadow(operator) or shadow(operator) in name):
                continue
            country = next((code for pattern, code in _COUNTRY if re.search(pattern, name)), "")
            country = country or next((c for p, c in _COUNTRY[:1] if "米国" in sentence and c), "")
            yield FoundRecipient(
                name, said, country, node.id, 0.7 if _NAMED.fullmatch(name) else 0.5, node.span
            )
    for child in node.children:
        yield from _below(child, kind, operator)


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
