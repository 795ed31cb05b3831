"""The data items that a policy names: entries of lists, cells of tables, parts of sentences that say what is acquired.

An item knows whether persons provide it, whether it is observed, or whether it comes from somebody else; and whether
it is open-ended, with the examples that the text gives.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import (
    beside,
    contents,
    enumerations,
    headings,
    kinds,
    sentences,
    words,
)
from chikai.policy.importing.enumerations import GETS, WORD
from chikai.policy.importing.lines import shadow
from chikai.policy.outline import FoundItem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chikai.policy.outline import Node, Source

_APART: Final = frozenset(
    "purpose_change third_party foreign entrust security anonymised definition rights rights.purpose rights.disclose "
    "rights.correct rights.suspend procedure fee desk complaint change minors law dates retention joint".split()
)
# What a part of a clause on data may be about that names none.
_BESIDE_DATA: Final = frozenset({"security", "entrust", "third_party", "retention", "anonymised"})
_LEAD: Final = re.compile(
    rf"{GETS}[^。]{{0,40}}{WORD}[^。]{{0,60}}(?:以下|次|下記|下表|左記)|{WORD}の?(?:種類|項目|内容|範囲)?[はを][^。]{{0,30}}(?:以下|次|下記|下表|左記)|(?:以下|次|下記|下表|左記)[^。]{{0,40}}{WORD}(?:を|が|は|で|、|$|[^。]{{0,24}}{GETS})|"
    rf"{WORD}(?:は|を|には)[^。]{{0,40}}[:]$|(?:以下|次|下記)(?:を|の)[^。]{{0,10}}(?:取得|収集)|(?:以下|次|下記)(?:のこと|のもの|の事項|の項目|の内容)?を、?[^。、]{{0,12}}(?:記入|入力|提出|知らせ|伺|尋ね|聞|登録|ご?提供|お?預)|{GETS}(?:する|される|した|いただく|している|します)[^。]{{0,16}}{WORD}。?$"
)
_NOT_LEAD: Final = re.compile(
    r"目的|ため(?:に|だけに?|にだけ|のみに|にのみ|、)*(?:利用(?!者)|使用|使[いうわ]|用い|役立|活用)|のことに|(?:以下|次|下記)の(?:(?:場合|とき)に|業務|用途)|(?:以下|次|下記)(?:の|に(?:掲げる|定める|示す)|に記載の)(?:事業|業務|(?:外部)?サービス|(?:外部)?ツール)|(?:場合|方法|手段|方針|措置|際)[^。]{0,12}(?:取得|収集|とおり|です|$)|第三者(?:に|へ)|請求|いずれかに該当|(?:場合|方法|手段)(?:に|で|により)[^。]{0,20}(?:取得|収集)|同意なく|除き|(?:管理者|責任者|窓口|連絡先|事業者)(?:は|につ)|委託|個人情報とは|(?:以下|次|下記)(?:の|に(?:掲げる|定める|示す))(?:者|会社|事業者|業者|機関|提供先|企業|方々?|団体)(?:に|へ|と)|(?:以下|次|下記)の手順|"
    r"(?:取得|収集)(?:する)?(?:こと)?(?:は|を|も)?、?[^。、]{0,12}(?:ません|ない)"
)
_THESE: Final = re.compile(
    r"^(?!.*(?:第三者|除き|目的|請求|同意なく)).*(?:以下|次|下記)の(?!場合|方法|手段|とき)[^。、]{0,12}(?:情報|項目|データ)[^。]{0,30}(?:取得|収集|お預かり|ご?提供|ご?登録)"
)
# `次に掲げる情報のほか、目的の達成に必要な情報を取得します`
_BESIDE: Final = re.compile(
    r"(?:以下|次|下記)(?:の|に(?:掲げる|定める|示す))[^。、]{0,8}(?:情報|データ)のほか、[^。]{0,60}(?:取得|収集)"
)
_TITLE: Final = re.compile(
    rf"{GETS}[^。]{{0,14}}(?:個人)?{WORD}|(?:情報|データ)の?(?:種類|項目|内容|範囲)|(?:取得|収集)(?:項目|する項目)|個人情報の(?:取得|収集)|(?:情報|データ)の(?:取得|収集|登録)|要配慮|機微"
)
_NOT_TITLE: Final = re.compile(r"目的|方法|場面|手段|経緯")
# `取得しない情報`
_NONE: Final = re.compile(r"(?:取得|収集|保存|保有|お?預かり)(?:を?し|いたし)(?:ない|ません)")
_KEPT: Final = re.compile("保存|保管|保有期間|廃棄|消去")
_HANDLING: Final = re.compile(
    r"開示|請求|手続|苦情|第三者|委託|共同|安全|訂正|停止|問い?合わ?せ|管理者|責任者|窓口|連絡先$"
)
_NOT_ITEM: Final = re.compile(
    r"(?:場合|とき|際|(?<!日)時|方法|手段|フォーム|連絡|によるもの|から取得|より取得|ため|ません|いたします|します|により)[。]?$|^※|^なお|^ただし|^以上"
)
# What says of data how and what for they are acquired.
_HOW: Final = re.compile(r"(?:収集|取得|利用|使用|保存)?の?(?:目的|方法|場所)\s*:")
# The lines of a block that names the company.
_OF_COMPANY: Final = re.compile(
    r"(?:会社|法人|事業者|団体|チーム|店舗?|運営者)?(?:名称?|氏名)\s*:|(?:屋号|商号|所在地|住所|代表者?[^:]{0,6}|(?:個人情報保護)?(?:管理)?責任者[^:]{0,4}|電話(?:番号)?|TEL|FAX|E-?mail|メール(?:アドレス)?|URL|ウェブサイト|設立)\s*:\s*\S",
    re.IGNORECASE,
)
# `録音された情報：応対の改善のため`: data with what they are for.
_PAIRED: Final = re.compile(r"([^。、:]{2,40}(?:情報|データ))\s*:\s*[^。]*(?:ため|目的)。?$")
# `お名前、ご住所、歯型の記録などです。`
_ARE: Final = re.compile(
    r"(?!.*ため)(?P<what>[^。はが]{2,40}、[^。はが]{2,300}?)(?:など|等)?(?:です|になります|となります|でございます)。?$"
)
_OF_DATA: Final = re.compile("情報|データ|項目")
_LETTER: Final = re.compile(r"[^\W\d_]")
_LABELLED: Final = re.compile(r"(?P<label>[^。、:]{2,44}):\s*\S")
_PURPOSE: Final = re.compile(r"\s*(?:ご?利用|使用|取得|収集)の?目的\s*[:]")
_LABEL: Final = re.compile(
    r"\s*(?:取得|収集|登録|お預かり|入力|利用)(?:する|した|される|します|項目)?(?:主な)?(?:個人|利用者|ユーザー|お客様)?(?:情報|データ|項目)?(?:の?(?:項目|内容|種類|例))?\s*[:]\s*(?=\S)"
)
_ACQUIRES: Final = re.compile(r"取得|収集|お預かり|伺|記入|入力|登録|提出|尋ね|ご提供")
# `氏名、住所等の情報`: a word for all of them ends the line.
_SUMMED_UP: Final = re.compile(r"^[^。]*(?:等|など)[、の][^。]*(?:情報|データ)。?$")
_KEPT_OUT: Final = re.compile(
    r"(?:取得|収集|保存|送信|保管|保有|受け取|受領|入手|お預かり|通過|届)[^。、]{0,8}(?:ません|ない)"
)
# `予約サービス「甲」（以下「本サービス」といいます。）`: a service, though its name holds a word for data.
_SERVICE: Final = re.compile(
    r"[(]以下、?(?:総称して|あわせて|単に)?、?「(?:本|当)[^」]{1,12}」?[^()]{0,12}[)]?。?$"
)
# What a list below counts that is no data.
_CASES: Final = re.compile(r"(?:以下|次|下記)の(?:場合|とき|際|方法|手段|目的|業務)")
# How sure a sentence makes of an item.
_ASIDE: Final = 0.65
_LONG: Final = 80
# A line that ends as a sentence counts nothing by itself.
_SAYS: Final = re.compile(r"(?:ます|ません|です|ください|する|ない)。?$|[うくすつぬぶむる]。$")
# What ends so is a purpose, whatever data it speaks of.
_WHY: Final = re.compile(r"(?:ため|為|目的)(?:\([^()]*\))?。?$")
# What is to be filled in: `[※住所を記載してください]`.
_BLANK: Final = re.compile(
    r"[\[【](?:※|要記入)[^\]】]{0,40}[\]】]|[\[【][^\]】]{0,24}(?:記載|記入|入力)して(?:ください|下さい)[\]】]|_{3,}"
)
_HELD: Final = re.compile(r"(?:情報|データ)\s?\(([^()]{4,200})\)[::]?$")
_BESIDES: Final = re.compile(r"(?:この|その|上記の?)(?:ほか|他)|(?:また|さらに|なお|加えて)、")
# What is said besides of what a list has named.
_ADDS: Final = re.compile(r"(?:なお|ただし|但し)、")
# `等の連絡先`: the word for all of what an item counts.
_SUMMED: Final = re.compile(r"(?:等|など|その他|を含む)(?:の|、|に関する|$)")
_INNER: Final = re.compile(r"\((?:例[:、]?)?([^()]{2,160}?)(?:等|など|を含む)?\)")
_NOTE: Final = re.compile(r"※|なお|ただし|以上|[【(]?根拠|注[)]")
_OBSERVED: Final = re.compile(
    r"cookie|クッキー|ip ?アドレス|ログ|閲覧|履歴|端末|位置情報|ブラウザ|識別子|アクセス|利用状況|自動的|リファラ|user ?agent|広告id|idfa|行動|ドメイン名",
    re.IGNORECASE,
)
_THIRD: Final = re.compile(
    r"第三者(?:から|より)|他の(?:サービス|者)|連携|外部サービス|提携先|取引先から|紹介者|公開情報"
)
_PROVIDED: Final = re.compile(r"ご?提供|ご?入力|ご?登録|ご?記入|お?申し?込み|ご本人")


def of(nodes: Sequence[Node]) -> tuple[FoundItem, ...]:
    """The items in the order of the text, each once."""
    found = [
        one for node in nodes if node.kind != "dates" for one in _visit(node, "", uses=False)
    ] or [
        _one(at, enumerations.owned([said])[0], "")
        for node in nodes
        for at, said in beside.shared(node, joint=node.kind == "joint")
    ]
    found = _without_logs(found, nodes)
    seen: set[str] = set()
    kept = []
    sure = [key for one in found if one.confidence > _ASIDE and len(key := _key(one)) < _LONG]
    named = {key[at:] for key in sure for at in range(len(key))}
    named |= {key.partition("(")[0] for key in sure}
    for one in found:
        key = _key(one)
        # What a sentence names again, a list has named more closely.
        again = one.confidence <= _ASIDE and key in named
        if key not in seen and not again and not _SERVICE.search(shadow(one.text)):
            seen.add(key)
            kept.append(one)
    return tuple(kept)


def _without_logs(found: Sequence[FoundItem], nodes: Sequence[Node]) -> list[FoundItem]:
    """The items without those that a clause on cookies or logs says again in its sentences."""
    of_tools = {one.id for node in nodes if node.kind == "cookie" for one in node.walk()}
    again = {id(one) for one in found if one.clause in of_tools and one.confidence <= _ASIDE}
    known = {kind for one in found if id(one) not in again for kind in one.kinds}
    return [
        one
        for one in found
        if id(one) not in again or not one.kinds or not known.issuperset(one.kinds)
    ]


def _key(one: FoundItem) -> str:
    """The words of an item without what makes no other item of it."""
    return re.sub(r"[\s。、]|^お|^ご", "", shadow(one.text))


def _visit(node: Node, source: Source, *, uses: bool) -> Iterator[FoundItem]:
    title = shadow(node.title)
    about_both = re.search(r"情報(?:と|及び|および|・|、|の?項目)", title)
    named = _TITLE.search(title) or kinds.by_title(title) == "items"
    said = bool(named) and bool(about_both or not _NOT_TITLE.search(title))
    if _NONE.search(title) or (not said and kinds.by_title(title) in _BESIDE_DATA):
        return
    if node.kind in _APART and _HANDLING.search(title):
        said = False
    if node.kind == "cookie" and node.title and "ログ" not in title:
        for at, part in beside.analysed(node):
            yield replace(_one(at, part, "observed"), confidence=_ASIDE)
        return
    if node.kind in _APART and node.title and not said:
        if node.kind.startswith("rights") and node.children and not _KEPT.search(title):
            yield from _table(node.children, source)
        return
    why = "目的" in title or kinds.by_title(title) == "purposes"
    uses = uses or (why and node.kind == "purposes" and not about_both)
    said = said and not uses
    source = _source(title, node.text[:120]) or source
    if node.children and node.kind != "controller" and _column(node.children[0]) is not None:
        yield from _table(node.children, source)
        return
    taken: set[str] = set()
    if uses:
        yield from _of_groups(node, source)
    for lead, children in words.lists(node):
        if uses and not _OF_DATA.search(lead):
            announced = False  # `管理業務のうち次に掲げるもの`
        else:
            announced = _announced(lead) or (said and (not lead or _bare_data(children)))
        if announced and not words.cells(children[0].text):
            taken.add(lead)
            yield from _entries(children, _source("", lead) or source)
        elif uses and all(map(_paired, children)):
            taken.add(lead)
            yield from _entries(children, source)
    found = list(_prose(node, source, apart=taken))
    if uses and len(found) == 1 and not _ACQUIRES.search(shadow(node.text)):
        found = []
    yield from found or (_bare(node, source) if said and not node.children else ())
    for lead, children in words.lists(node):
        if lead in taken:
            continue
        for child in children:
            if child.children or child.title or not uses or "。" in child.text:
                yield from _visit(child, source, uses=uses)


def _bare_data(children: Sequence[Node]) -> bool:
    """Whether the lines of a list without marks name data, most of them."""
    said = [shadow(child.text) for child in children if child.style == "line"]
    told = len(said) < len(children) or any(_SAYS.search(s) or _NOT_ITEM.search(s) for s in said)
    return not told and sum(map(contents.named, said)) * 2 > len(said)


def _of_groups(node: Node, source: Source) -> Iterator[FoundItem]:
    """The data in the headings over purposes: `(1) お取引先の個人情報（氏名、部署名）`."""
    for child in node.children:
        head = (child.title or child.text).split("\n", 1)[0]
        if child.children and (held := _HELD.search(shadow(head))):
            counted = enumerations.of_data(head[held.start(1) : held.end(1)])
            yield from (_one(child, part, source) for part in counted)


def _announced(lead: str) -> bool:
    if _THESE.search(lead) or _BESIDE.search(lead) or sentences.asks(lead):
        return True
    return bool(_LEAD.search(lead)) and not _NOT_LEAD.search(words.masked(lead))


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
    """The items of a list that was announced; one bare line counts its items itself."""
    if len(children) == 1 and children[0].style == "line" and not children[0].children:
        inner = list(_bare(children[0], source))
        if len(inner) > 1:
            yield from inner
            return
    said = [shadow(child.title or child.text).strip() for child in children]
    if all(map(_OF_COMPANY.match, said)) and not _announced(shadow(children[0].lead)):
        return
    # `収集項目：氏名` among lines on how and what for says alone what is acquired.
    labelled = any(map(_LABEL.match, said)) and any(map(_HOW.match, said))
    bare = sum(not child.text or not child.title for child in children)
    for child in children:
        own = shadow(child.title or child.text).strip()
        if child.title and child.children and kinds.by_title(own) in _BESIDE_DATA:
            continue
        why = child.title and headings.names_purposes(own)
        if (
            _NONE.search(words.masked(own))
            or _PURPOSE.match(own)
            or why
            or (labelled and not _LABEL.match(own))
        ):
            continue
        if labelled:
            yield from _prose(child, source)
            continue
        if child.children and all(_PURPOSE.match(shadow(c.text)) for c in child.children):
            yield _one(child, child.text or child.title, source)
            continue
        if child.children:
            lead = shadow(child.children[0].lead)
            if _CASES.search(lead) and not _announced(lead):
                continue
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
        # The paragraph below a list stands with its last entry, whatever it says.
        if child is children[-1] and child.title and child.text and bare == len(children) - 1 > 1:
            yield from _leaf(replace(child, text=child.title, title=""), own, source)
            yield from _prose(child, source)
            continue
        yield from _leaf(child, own, source)


def _leaf(child: Node, own: str, source: Source) -> Iterator[FoundItem]:
    """The items of an entry that has none below it."""
    says = _SAYS.search(next(words.sentences(own), own))
    headed = bool(child.title and child.text)  # `ご利用時` above what is recorded then
    named = headed or says or contents.named(own) or _paired(child)
    no_item = _NOT_ITEM.search(own) and not named
    if _NOTE.match(own) or no_item or not _LETTER.search(own):
        return
    label = _LABELLED.match(own)
    if _WHY.search(own) and not label and not headed:
        return
    if headed:
        yield from _headed(child, own, source)
    elif occasion := enumerations.occasion(own):
        yield from (_one(child, part, source) for part in occasion)
    elif label and (
        contents.named(label["label"]) or label["label"].endswith(("情報", "データ", "ログ"))
    ):
        whole = child.text or child.title
        why = re.search(r"(?:ため|目的)。?$", own)
        yield _one(child, whole[: label.end("label")] if why else whole, source)
    elif says:
        yield from _prose(child, source)
    else:
        yield _one(child, child.title or child.text, source)


def _paired(child: Node) -> bool:
    """Whether an entry names data, and no group of persons, before what they are for."""
    match = _PAIRED.match(shadow(child.text))
    return bool(match) and not words.is_group(child.text[: match.end(1)] if match else "")


def _headed(child: Node, own: str, source: Source) -> Iterator[FoundItem]:
    """The items of an entry with a title of its own: those that its words count, else the title."""
    from_whom = _source(own, child.text) or source
    if _SUMMED_UP.search(shadow(child.text)):
        yield _one(child, child.text, from_whom)
        return
    lines = child.text.split("\n")
    told = any(_SAYS.search(shadow(line)) or ":" in shadow(line) for line in lines)
    if len(lines) > 1 and not told:
        yield from (_one(child, line, from_whom) for line in lines)  # `お申込みのとき` over a list
        return
    if inner := list(_prose(child, from_whom)) or list(_bare(child, from_whom)):
        if _BESIDES.match(shadow(child.text)) and contents.named(own):
            yield _one(child, child.title, source)  # what the words add to the list
        yield from inner
        return
    kept_out = _KEPT_OUT.search(shadow(child.text))
    if not kept_out and (contents.named(own) or own.endswith(("情報", "データ"))):
        yield _one(child, child.title, source)


def _bare(node: Node, source: Source) -> Iterator[FoundItem]:
    """The items of a line that only counts them."""
    for sentence in words.sentences(node.text.split("\n", 1)[0]):
        if told := _ARE.match(shadow(sentence)):
            what = enumerations.of_data(sentence[: told.end("what")])
            yield from (_one(node, part, source) for part in enumerations.owned(what))
        elif not _SAYS.search(shadow(sentence)):
            yield from (_one(node, part, source) for part in enumerations.of_data(sentence))


def _column(row: Node) -> int | None:
    head = [shadow(cell) for cell in words.cells(row.text)]
    for pattern in (
        r"項目|^何を|^どんな(?:情報|データ)|(?:取得|収集|提供|利用|登録|お?預かり|いただ|お聞き|集め|記録|保有)[^|]{0,8}(?:情報|データ|もの)|個人情報$|^情報|情報の(?:内容|種類|例)|データ",
        r"内容|具体|^例$",
        r"種類|種別",
    ):
        for at, cell in enumerate(head):
            if (
                len(cell) < 24
                and re.search(pattern, cell)
                and not re.search(r"目的|対象(?!の?個人情報)|本人|区分", cell)
            ):
                return at
    return None


def _holds_data(rows: Sequence[Node], column: int) -> bool:
    """Whether the cells of a column headed `種別` name data, and no groups of persons; other heads say so themselves."""
    head = words.cells(rows[0].text)
    if not re.fullmatch("種類|種別", shadow(head[column])):
        return True
    said = [cells[column] for row in rows[1:] if column < len(cells := words.cells(row.text))]
    return sum(map(contents.named, said)) * 2 > len(said)


def _table(rows: Sequence[Node], source: Source) -> Iterator[FoundItem]:
    column = _column(rows[0])
    if column is not None and not _holds_data(rows, column):
        return
    for row in rows[1:]:
        cells = words.cells(row.text)
        if column is None or column >= len(cells) or set(row.text) <= set("|-: "):
            continue
        for entry in words.inside_cell(cells[column]):
            if re.search(r"(?:様|方|者|員|先)等?の個人(?:情報|データ)$|^[-―]$", shadow(entry)):
                continue
            # `氏名、住所等` in a cell is one item with examples, `氏名、住所` are two; what a row begins with is one.
            closed = column and not re.search(
                r"(?:等|など)$|(?:等|など)[、の]", words.masked(entry)
            )
            parts = words.parts(entry)
            inner = parts if closed and len(enumerations.of_data(entry)) >= len(parts) else []
            yield from (_one(row, part, source) for part in inner or [entry])


def _prose(node: Node, source: Source, *, apart: Collection[str] = ()) -> Iterator[FoundItem]:
    """The items that the sentences of a clause name, but for those that announce a list."""
    announced = False
    for sentence in words.sentences(node.text):
        seen = shadow(sentence).strip()
        below, announced = announced and not _SAYS.search(seen), _announced(seen)
        if below and (counted := enumerations.of_data(sentence)):
            yield from (_one(node, one, source) for one in counted)
            continue
        if _BLANK.search(seen) or (apart and _ADDS.match(seen)):
            continue
        if seen in apart or words.cells(sentence) or _PURPOSE.match(seen) or _WHY.search(seen):
            continue
        if node.id.startswith("pre") and not _ACQUIRES.search(seen):
            continue  # `個人情報を取り扱います` counts nothing
        if label := _LABEL.match(seen):
            said = sentence.strip()[label.end() :]
            whole = (
                node.style not in {"heading", "prose", "line"} and "." in node.id and not node.title
            )
            yield from (_one(node, one, source) for one in ([said] if whole else words.parts(said)))
            continue
        for part in enumerations.named(sentence):
            yield replace(_one(node, part, source), confidence=_ASIDE)


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
    """The data that an item counts by name: the parts of `氏名、住所等の連絡先`, else those in its brackets."""
    seen = words.masked(text)
    summed = _SUMMED.search(seen)
    counted = enumerations.of_data(text[: summed.start()] if summed else text)
    if not all(map(enumerations.ends_as_noun, counted)):
        return ()
    if len(counted) > 1 or (counted and summed):
        return tuple(enumerations.owned(counted))
    inner = _INNER.search(shadow(text))
    return tuple(enumerations.of_data(text[slice(*inner.span(1))])) if inner else ()
