"""The data items that a policy names: entries of lists, cells of tables, parts of sentences that say what is acquired.

An item knows whether persons provide it, whether it is observed, or whether it comes from somebody else; and whether
it is open-ended, with the examples that the text gives.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import contents, kinds, words
from chikai.policy.importing.lines import shadow
from chikai.policy.outline import FoundItem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chikai.policy.outline import Node, Source

_APART: Final = frozenset(
    "purpose_change third_party foreign entrust security anonymised definition rights rights.purpose rights.disclose "
    "rights.correct rights.suspend procedure fee desk complaint change minors law dates retention joint".split()
)
_WORD: Final = r"(?:情報|項目|データ|事項|もの|内容)"
_GETS: Final = r"(?:取得|収集|集め|ご?提供(?!会社|先|者)|ご?登録|ご?入力|お預かり|保有|取り?扱|扱い|利用(?!者|規約|目的|でき)|お?伺|ご?記入|お?尋ね|お?聞き|受領|入手|ご?提出|任意に送信)"
_LEAD: Final = re.compile(
    rf"{_GETS}[^。]{{0,40}}{_WORD}[^。]{{0,60}}(?:以下|次|下記|下表|左記)|{_WORD}の?(?:種類|項目|内容|範囲)?[はを][^。]{{0,30}}(?:以下|次|下記|下表|左記)|(?:以下|次|下記|下表|左記)[^。]{{0,40}}{_WORD}(?:を|が|は|で|、|$|[^。]{{0,24}}{_GETS})|"
    rf"{_WORD}(?:は|を|には)[^。]{{0,40}}[:]$|(?:以下|次|下記)(?:を|の)[^。]{{0,10}}(?:取得|収集)|{_GETS}(?:する|される|した|いただく|している|します)[^。]{{0,16}}{_WORD}。?$"
)
_NOT_LEAD: Final = re.compile(
    r"目的|ために(?:利用|使用)|(?:以下|次|下記)の(?:場合|とき)に|(?:場合|方法|手段|方針|措置|際)[^。]{0,12}(?:取得|収集|とおり|です|$)|第三者(?:に|へ)|請求|いずれかに該当|(?:場合|方法|手段)(?:に|で|により)[^。]{0,20}(?:取得|収集)|同意なく|除き|(?:管理者|責任者|窓口|連絡先|事業者)(?:は|につ)|委託|個人情報とは"
)
_THESE: Final = re.compile(
    r"^(?!.*(?:第三者|除き|目的|請求|同意なく)).*(?:以下|次|下記)の(?!場合|方法|手段|とき)[^。、]{0,12}(?:情報|項目|データ)[^。]{0,30}(?:取得|収集|お預かり|ご?提供|ご?登録)"
)
_TITLE: Final = re.compile(
    rf"{_GETS}[^。]{{0,14}}(?:個人)?{_WORD}|(?:情報|データ)の?(?:種類|項目|内容|範囲)|(?:取得|収集)(?:項目|する項目)|個人情報の(?:取得|収集)|(?:情報|データ)の(?:取得|収集|登録)|要配慮|機微"
)
_NOT_TITLE: Final = re.compile(r"目的|方法|場面|手段|経緯")
_HANDLING: Final = re.compile(r"開示|請求|手続|苦情|第三者|委託|共同|安全|訂正|停止|問い?合わ?せ")
_NOT_ITEM: Final = re.compile(
    r"(?:場合|とき|際|時|方法|手段|フォーム|連絡|によるもの|から取得|より取得|ため|ません|いたします|します|により)[。]?$|^※|^なお|^ただし|^以上"
)
_BROKEN: Final = re.compile(
    r"^(?:[はがをにへとでもし]|以下|それ|これ)|(?:して|により|[がはをに]|では|において|ており|する|いただく|上で|場合)$|目的を"
)
_LABELLED: Final = re.compile(r"(?P<label>[^。、:]{2,44}):\s*\S")
_OCCASION: Final = re.compile(r"(?:時|際|場合|とき)\(([^()]*、[^()]*)\)$")
_PERSONS: Final = re.compile(r"(?:様|さま|方|者|員|先|主|客|生徒?|ユーザー|スタッフ)$")
_PURPOSE: Final = re.compile(r"\s*(?:ご?利用|使用|取得|収集)の?目的\s*[:]")
_LABEL: Final = re.compile(
    r"\s*(?:取得|収集|登録|お預かり|入力)(?:する|した|される|します|項目)?(?:主な)?(?:個人|利用者|ユーザー|お客様)?(?:情報|データ|項目)?(?:の?(?:項目|内容|種類|例))?\s*[:]\s*(?=\S)"
)
# `取得する情報は、氏名、住所等です`, `ご記入いただいた氏名・住所は`
_ARE: Final = re.compile(
    r"(?:情報|項目|データ)(?:は|には)、?(?:主に|例えば)?、?(?P<what>[^。]{4,300}?)(?:等|など)?(?:の情報)?(?:です|であり|となります|が含まれます|を含みます)"
)
_GIVEN_ARE: Final = re.compile(
    r"(?:記入|入力|提供|登録|取得|収集|お預かり|お伺い)(?:し|いただ[いき]|頂[いき]|され|する)(?:た|ました)?(?:お客様の|ご本人の)?(?P<what>[^。はを]{4,120}?)(?:等|など)?(?:の(?:個人)?情報)?は、"
)
# What every copy of one widespread text says of data from partners, which is one item.
_DEALINGS: Final = re.compile(
    r"(?:ユーザー|利用者|お客様|会員)の個人情報を含む[^。、,]{2,24}に関する情報"
)
_ACQUIRES: Final = re.compile(r"取得|収集|お預かり|伺|記入|入力|登録|提出|尋ね|ご提供")
_APART_CASE: Final = re.compile(r"第三者|委託|請求|開示")
_NOTE: Final = re.compile(r"※|なお|ただし|以上|[【(]?根拠|注[)]")
_OBJECT: Final = re.compile(
    rf"(?:[をも]、?|の(?=ご(?:提供|登録|入力|記入|提出|連絡先)|(?:提供|登録|入力|記入|提出|送信)を(?:お願い|いただ|頂|求め))|について(?:は)?、?|に関して、?|は、(?:「[^」]*」として)?)(?P<how>[^。、を]{{0,24}}?{_GETS})|(?:等|など)の[^。、]{{0,16}}情報は、"
)
_DETAIL: Final = re.compile(r"(?:情報|データ)\((?P<what>[^()]{4,300})\)")
_GIVEN: Final = re.compile(
    r"^(?:お預かり|ご?提供|取得|収集|ご?登録|ご?入力|ご?記入|保有)(?:し|いただ[きい]|頂[きい]|され|する)?(?:た|ました|ている|く|ます)?(?=[^、])"
)
_HEAD: Final = re.compile(
    r"^.*?(?:当社|弊社|当店|当院|当法人|当会|当サイト|当該サイト|当方|当[^はが、。]{1,8}|本学|本会|私たち|本サービス|本アプリ|サイト|[^、。は]{2,16}会社)(?:で|において)?は、?|"
    r"^.*?(?:際に?は?|場合に?は?|とき(?:に|は)|ため(?:に|、)|範囲(?:内)?(?:で|において)|により|によって|を通じて|に応じて|にあたり|に際し|に伴い|から|より|として|時に|利用中に|主に|例えば|もの)、?"
)
_TAIL: Final = re.compile(
    rf"(?:等|など|その他)(?:の)?(?P<rest>[^、。]{{0,40}})$|(?:といった|のような|に関する)(?P<kind>[^、。]{{0,24}}{_WORD})$"
)
_OBSERVED: Final = re.compile(
    r"cookie|クッキー|ip ?アドレス|ログ|閲覧|履歴|端末|位置情報|ブラウザ|識別子|アクセス|利用状況|自動的|リファラ|user ?agent|広告id|idfa|行動|ドメイン名",
    re.IGNORECASE,
)
_THIRD: Final = re.compile(
    r"第三者(?:から|より)|他の(?:サービス|者)|連携|外部サービス|提携先|取引先から|紹介者|公開情報"
)
_PROVIDED: Final = re.compile(r"ご?提供|ご?入力|ご?登録|ご?記入|お?申し?込み|ご本人")
_SAYS: Final = re.compile(rf"{_GETS}")
_DEFINES: Final = re.compile(r"(?<!こ)とは、?|とは「|をいい|を指し|を(?:いう|指す)")
_DENIED: Final = re.compile(
    r"^(?!.*(?:利用|使用|取得|収集)し、).*(?:ません|しない|ありません|ことはない)(?:もの[^。]*)?。?$|第三者(?:に|へ)|開示|請求|委託|訂正|漏|不正"
)


def of(nodes: Sequence[Node]) -> tuple[FoundItem, ...]:
    """The items in the order of the text, each once."""
    found = [
        one for node in nodes if node.kind != "dates" for one in _visit(node, "", uses=False)
    ] or [one for node in nodes if node.kind == "joint" for one in _joint(node)]
    seen: set[str] = set()
    kept = []
    for one in found:
        key = re.sub(r"[\s。、]|^お|^ご", "", shadow(one.text))
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return tuple(kept)


def _joint(node: Node) -> Iterator[FoundItem]:
    """The items of joint use, for a policy that names no others."""
    for child in node.walk():
        said = re.match(r"(?:[^\s:]{0,24}(?:項目|情報))[\s:]+(\S.{2,200})$", shadow(child.text))
        if said and contents.named(said[1]):
            named = child.text[said.start(1) :].partition("その他")[0]
            yield from (_one(child, part, "") for part in words.parts(named))


def _visit(node: Node, source: Source, *, uses: bool) -> Iterator[FoundItem]:
    title = shadow(node.title)
    about_both = re.search(r"情報(?:と|及び|および|・|、|の?項目)", title)
    named = _TITLE.search(title) or kinds.by_title(title) == "items"
    said = bool(named) and bool(about_both or not _NOT_TITLE.search(title))
    if node.kind in _APART and _HANDLING.search(title):
        said = False
    if (node.kind in _APART and node.title and not said) or (node.kind == "cookie" and node.title):
        return
    uses = uses or ("目的" in title and node.kind == "purposes" and not about_both)
    said = said and not uses
    source = _source(title, node.text[:120]) or source
    if node.children and _column(node.children[0]) is not None:
        yield from _table(node.children, source)
        return
    taken: set[str] = set()
    for lead, children in words.lists(node):
        if (_announced(lead) or (said and not lead)) and not words.cells(children[0].text):
            taken.add(lead)
            yield from _entries(children, _source("", lead) or source)
    found = list(_prose(node, source, apart=taken))
    if uses and len(found) == 1 and not _ACQUIRES.search(shadow(node.text)):
        found = []
    yield from found or (_bare(node, source) if said and not node.children else ())
    for lead, children in words.lists(node):
        if lead not in taken:
            for child in children:
                yield from _visit(child, source, uses=uses)


def _announced(lead: str) -> bool:
    if _THESE.search(lead):
        return True
    return bool(_LEAD.search(lead)) and not _NOT_LEAD.search(lead)


def _source(title: str, lead: str) -> Source:
    """Where a group of items comes from, by its heading or its lead."""
    said = f"{title} {shadow(lead)}"
    if _THIRD.search(said):
        return "third"
    if re.search(
        r"自動的|閲覧|アクセス|ログ|cookie|利用(?:に伴|状況|履歴)|(?:当社|弊社)が収集",
        said,
        re.IGNORECASE,
    ):
        return "observed"
    return "provided" if _PROVIDED.search(said) else ""


def _entries(children: Sequence[Node], source: Source) -> Iterator[FoundItem]:
    """The items of a list that was announced."""
    for child in children:
        own = shadow(child.title or child.text).strip()
        if _PURPOSE.match(own):
            continue
        if child.children and all(_PURPOSE.match(shadow(c.text)) for c in child.children):
            yield _one(child, child.text or child.title, source)
            continue
        if child.children:
            lead = shadow(child.children[0].lead)
            if (
                _announced(lead)
                or not lead
                or child.title
                or own.endswith((":", "情報", "データ", "事項"))
            ):
                if "目的" in own and "情報" not in own:
                    continue
                yield from _entries(child.children, _source(own, lead) or source)
            continue
        if _NOTE.match(own) or (_NOT_ITEM.search(own) and not contents.named(own)):
            continue
        if child.title and child.text:
            from_whom = _source(own, child.text) or source
            inner = list(_prose(child, from_whom)) or list(_bare(child, from_whom))
            if inner:
                yield from inner
                continue
            if contents.named(own) or own.endswith(("情報", "データ")):
                yield _one(child, child.title, source)
            continue
        if occasion := _OCCASION.search(own):
            yield from (
                _one(child, part.removesuffix("等"), source) for part in words.parts(occasion[1])
            )
            continue
        label = _LABELLED.match(own)
        if label and (
            contents.named(label["label"]) or label["label"].endswith(("情報", "データ", "ログ"))
        ):
            whole = child.text or child.title
            why = re.search(r"(?:ため|目的)。?$", own)
            yield _one(child, whole[: label.end("label")] if why else whole, source)
            continue
        sentence = own.endswith(("ます。", "ません。", "です。"))
        if sentence and (inner := list(_prose(child, source))):
            yield from inner
            continue
        if sentence and not contents.named(own):
            continue
        yield _one(child, child.title or child.text, source)


def _bare(node: Node, source: Source) -> Iterator[FoundItem]:
    """The items of a line that only counts them."""
    first = node.text.split("\n", 1)[0]
    parts = words.parts(first.rstrip("。"))
    known = sum(contents.named(words.masked(part)) for part in parts)
    if known * 2 >= len(parts) and not re.search(r"(?:ます|ません|です)。?$", shadow(first)):
        yield from (_one(node, part, source) for part in parts)


def _column(row: Node) -> int | None:
    head = [shadow(cell) for cell in words.cells(row.text)]
    for pattern in (
        r"項目|(?:取得|収集|提供|利用|登録)[^|]{0,8}情報|個人情報$|^情報|情報の(?:内容|種類|例)|データ",
        r"^内容$|種類|種別",
    ):
        for at, cell in enumerate(head):
            if (
                len(cell) < 24
                and re.search(pattern, cell)
                and not re.search(r"目的|対象(?!の個人情報)|本人|区分", cell)
            ):
                return at
    return None


def _table(rows: Sequence[Node], source: Source) -> Iterator[FoundItem]:
    column = _column(rows[0])
    for row in rows[1:]:
        cells = words.cells(row.text)
        if column is None or column >= len(cells) or set(row.text) <= set("|-: "):
            continue
        for entry in words.inside_cell(cells[column]):
            if re.search(r"(?:様|方|者|員|先)等?の個人(?:情報|データ)$|^[-―]$", shadow(entry)):
                continue
            yield _one(row, entry, source)


def _prose(node: Node, source: Source, *, apart: Collection[str] = ()) -> Iterator[FoundItem]:
    """The items that the sentences of a clause name, but for those that announce a list."""
    for sentence in words.sentences(node.text):
        seen = shadow(sentence).strip()
        if seen in apart or words.cells(sentence) or _PURPOSE.match(seen):
            continue
        if label := _LABEL.match(seen):
            said = sentence.strip()[label.end() :]
            whole = node.style not in {"heading", "prose", "line"} and "." in node.id
            yield from (_one(node, one, source) for one in ([said] if whole else words.parts(said)))
            continue
        for part in _named(sentence):
            yield replace(_one(node, part, source), confidence=0.65)


def _named(sentence: str) -> list[str]:
    if len(sentence) > words.LONGEST:
        return []
    seen = words.masked(sentence)
    if (occasion := _OCCASION.search(shadow(sentence).strip("。 "))) and not _APART_CASE.search(
        seen
    ):
        inner = words.parts(sentence[occasion.start(1) : occasion.end(1)])
        if sum(map(contents.named, inner)) * 2 > len(inner):
            return [part.removesuffix("など").removesuffix("等").strip() for part in inner]
    if not _SAYS.search(seen) or _DENIED.search(seen) or _DEFINES.search(seen):
        return []
    if (detail := _DETAIL.search(shadow(sentence))) and contents.named(detail["what"]):
        inner = list(words.parts(sentence[detail.start("what") : detail.end("what")]))
        if len(inner) > 1:
            return [part.removesuffix("など").removesuffix("等") for part in inner]
    for pattern in (_ARE, _GIVEN_ARE):
        if match := pattern.search(seen):
            inner = _parts(sentence[match.start("what") : match.end("what")])
            if sum(map(_known, inner)) * 3 >= len(inner) * 2 and len(inner) > 1:
                return inner
    found: list[str] = []
    start = 0
    if deal := _DEALINGS.search(seen):
        sentence, seen = (
            s[: deal.start()] + "、" * (deal.end() - deal.start()) + s[deal.end() :]
            for s in (sentence, seen)
        )
        found.append(deal[0])
    for match in _OBJECT.finditer(seen):
        found += _enumerated(sentence, seen, start, match.start())
        start = match.end()
    return found


def _enumerated(sentence: str, seen: str, start: int, end: int) -> list[str]:
    for pattern in (_HEAD, _GIVEN):
        while (cut := pattern.match(seen[start:end])) and contents.named(
            seen[start + cut.end() : end]
        ):
            start += cut.end()
    what = sentence[start:end]
    tail = _TAIL.search(words.masked(what))
    other = tail is not None and seen[start + tail.start() : start + tail.start() + 3] == "その他"
    if tail and not other:
        what = what[: tail.start()]
    parts = _parts(what)
    known = [_known(part) for part in parts]
    if (
        not any(known)
        or sum(known) * 3 < len(parts)
        or (len(parts) == 1 and not tail and not _short(parts[0]))
    ):
        return []
    return [
        part
        for part in parts
        if not re.fullmatch(
            r"(?:また|なお|さらに|及び|および|お客様の|ご本人の|その|当該)?(?:個人(?:情報|データ))?|その他|要配慮個人情報",
            shadow(part),
        )
        and not _BROKEN.search(shadow(part))
        and (contents.named(words.masked(part)) or not _PERSONS.search(shadow(part)))
        and not part.endswith(("サービス", "商品", "製品", "業務", "目的", "同意", "承諾", "許諾"))
    ]


def _known(part: str) -> bool:
    return contents.named(words.masked(part))


def _parts(what: str) -> list[str]:
    """The parts of an enumeration of data."""
    return [
        one.removesuffix("等").removesuffix("など")
        for part in words.parts(what)
        for dotted in _dotted(part)
        for one in _both(dotted)
    ]


def _both(part: str) -> list[str]:
    """The two of `氏名とメールアドレス`, where each names data."""
    one, and_, other = part.partition("と")
    two = (
        bool(and_)
        and "と" not in other
        and len(other) <= 16
        and not re.search("^[のし]|[にをがはで]", other)
    )
    return [one, other] if two and _known(one) and _known(other) else [part]


def _short(part: str) -> bool:
    return len(part) <= 24


def _dotted(part: str) -> list[str]:
    """The parts of `氏名・住所`, where each names data, or two of three."""
    inner = re.split("[・･]", part) if "(" not in shadow(part) else [part]
    known = [contents.named(words.masked(one)) for one in inner]
    return inner if all(known) or (sum(known) > 1 and sum(known) * 3 >= len(inner) * 2) else [part]


def _one(node: Node, text: str, source: Source) -> FoundItem:
    said = text.strip()
    first = next(words.sentences(said), said).rstrip("。、;； ")
    seen = shadow(first)
    open_ended = bool(re.search(r"等|など|その他|そのほか", seen))
    return FoundItem(
        name=first,
        clause=node.id,
        examples=_examples(first),
        open_ended=open_ended,
        source="observed" if _OBSERVED.search(seen) and source != "third" else source,
        kinds=contents.kinds(first),
        confidence=round(
            min(
                0.95 if contents.named(seen) or seen.endswith(("情報", "データ")) else 0.75,
                node.confidence,
            ),
            2,
        ),
        span=node.span,
        text=said,
    )


def _examples(text: str) -> tuple[str, ...]:
    """The examples of an item: what stands before 等の, or in its brackets."""
    match = re.match(r"^(.{2,120}?)(?:等|など)(?:の|、|に関する|$)", shadow(text))
    if match and "(" not in match[1]:
        return tuple(part for part in words.parts(text[: match.end(1)]))
    if inner := re.search(r"\(([^()]{2,160})\)", shadow(text)):
        said = re.sub(r"^例[:、]?|(?:等|など)$", "", text[inner.start(1) : inner.end(1)])
        return tuple(part for part in words.parts(said))
    found = words.parts(text)
    return tuple(part for part in found) if len(found) > 1 else ()
