"""The purposes of use that a policy names: entries of lists, cells of tables, parts of sentences.

A list counts where the sentence or the title before it says that purposes follow; a sentence counts where it says that
data are used for something. What is said of third parties, of processed data or of a refusal names no purpose.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import contents, kinds, words
from chikai.policy.importing.lines import shadow
from chikai.policy.outline import FoundPurpose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chikai.policy.outline import Node

# Clauses that speak of uses without naming the purposes of this policy.
_APART: Final = frozenset(
    "purpose_change third_party joint foreign entrust security anonymised definition rights rights.purpose "
    "rights.disclose rights.correct rights.suspend procedure fee desk complaint change minors law dates retention".split()
)
LEAD: Final = re.compile(
    r"(?:以下|次|下記|下表|後記|左記)[^。]{0,40}目的|目的[^。]{0,50}(?:以下|次|下記|下表|後記|左記)|(?:以下|次|下記)[^。]{0,20}ために|"
    r"(?:以下|次|下記)[^。]{0,30}(?:用途|業務|利用)(?:に|で|する|し|いた)|目的(?:は|と(?:し|いた)|に|で)?[^。]{0,20}[:]$|ために[^。]{0,30}[:]$|"
    r"(?:以下|次|下記)[^。]{0,12}(?:よう|とおり|通り)[^。]{0,8}(?:利用|使用)|"
    r"(?:以下|次|下記)の(?:場合|とき|際)に(?:のみ|限り|、)*[^。、]{0,12}(?:利用|使用)(?:し|いた|させ|する)"
)
_TITLE: Final = re.compile(
    r"目的|用途|(?:での|としての)ご?利用$|(?:何|なに)(?:に|のため)|どう使|使う目的|(?:情報|データ)[^。]{0,12}(?:利用|使用)(?:について|方法|$)|使い(?:方|道|みち)"
)
_NOT_LEAD: Final = re.compile(
    r"(?:以下|次|下記)(?:の|に掲げる)(?![^。、]{0,6}目的)[^。、]{0,16}(?:情報|項目|データ|事項|場合|方法|措置|サービス|ツール|事業者)|措置|請求|第三者に提供|同意なく|除き|該当"
)
_ENTRY: Final = re.compile(
    r"(?:ため|ための?|為|目的|こと|業務|対応|連絡|提供|改善|管理|案内|通知|確認|実施|開発|配信|分析|請求|処理|運営|送付|回答|その他[^。]*)(?:\([^()]*\))?[。、;.]?$"
)
_FOR: Final = re.compile(
    r"(?P<what>[^。]{2,300}?)(?P<for>(?:する|の)?(?:ため|為)(?:に|のみ|、|(?=利用|使用|活用)|の(?:連絡|範囲|み|目的))|(?:を|の|する)?目的(?:に(?=利用|使用)|で|として|と(?:し|する)|のため|のみ)|(?:する)?(?:場合|際|とき)(?:に|にのみ|のみ)(?=、?(?:利用|使用|活用)))"
    r"(?P<rest>[^。]*)"
)
_USES: Final = re.compile(
    r"(?:利用|使用|活用|取得|収集|お預かり|取り?扱|用い|使[いうわ]|お伺い|ご?提供(?:いただ|をお願))"
)
_REFUSED: Final = re.compile(
    r"(?:ません|しない|ことはない|禁止|ありません)(?:もの|。|$)|範囲を超え|目的外|目的以外|利用目的の(?:達成|範囲|変更)|"
    r"範囲内|第三者|匿名加工|措置を|体制|監督|マネジメント|改ざん|漏え?い|漏洩|法令の?遵守"
)
_WILL: Final = re.compile(
    r"(?P<what>[^。]{2,300}?)(?:だけに|のみに|に|として|等に|などに|(?:に|ために)必要な範囲(?:内)?(?:で|に))(?:のみ|限り|だけ|、)*(?:、)?(?:個人情報[^。、]{0,10}を)?(?:(?:利用|使用|活用)(?:し|いた|させ|する|致)|使(?:い|う|わせ))"
)
_IS: Final = re.compile(
    r"(?:目的|用途)(?:は|としては)、?(?P<what>[^。]{2,400}?)(?:のため|ため|目的)?(?:です|である|とします|といたします|となります|になります|でございます|に限ります)。?$"
)
_TOPIC: Final = re.compile(
    r"^.*?(?:個人情報|利用者情報|お?客様情報|ユーザー情報|パーソナルデータ|個人データ|これらの情報|(?:取得|収集|提供|お預かり|登録|入力|いただ)[^、。]{0,16}情報|(?:前[条項]|上記|[^、。]{0,12}?)の情報|これら|それら|内容|アドレス)(?:等|など)?(?:については|につきましては|に関しては|は|を)[、,]?"
)
_PARTY: Final = re.compile(
    r"^(?:なお|また|さらに|ただし)?、?(?:当社|弊社|当店|当院|当法人|当会|当サイト|当方|当[^はが、。]{1,8}|本学|本会|本サービス|私たち|[^、。は]{2,16}(?:株式会社|会社|法人)|株式会社[^、。は]{1,12})(?:で)?は、?"
)
_NEEDS: Final = re.compile(
    r"(?P<what>[^。]{2,120}?)に必要な[^。、]{0,16}(?:個人)?情報を[^。、]{0,12}(?:(?:取得|収集)し、?)?(?:利用|使用)(?:し|いた|させ|する)"
)
# `商品の発送以外には利用しません`
_ONLY: Final = re.compile(
    r"(?P<what>[^。]{2,160}?)(?:の(?:ため|目的))?以外(?:の(?:目的|用途|こと))?(?:に|で)?(?:は|も)?、?[^。、]{0,10}?(?:利用|使用)[^。]{0,14}(?:ません|ない)。?$"
)
_VERB: Final = re.compile(
    r"^[^。]{0,80}?(?:利用|使用|活用|取得|収集|お預かり|取り?扱|用い)(?:し|いた|させ|する|致|い(?:ま|る)|られ|を)"
)
_NO_DATA: Final = re.compile(
    r"(?:サービス|ツール|cookie|クッキー|サーバー?|システム|技術|タグ)[^。、]{0,12}を[^。]{0,16}(?:利用|使用)|目的を(?:明確|特定|できる)|措置|体制",
    re.IGNORECASE,
)
# `利用目的で`, `その目的で` name no purpose.
_BARE: Final = re.compile(
    r"(?:利用|使用|事業|その|この|当該|上記|特定|収集|取得|業務|以下の?|次の?|下記の?|明示した|公表した|定め[るた]?|記載の|掲げる|示す|以外の?|[0-9])$|ない$"
)
_DATA: Final = re.compile(r"情報|データ(?!ベース|センター)|アドレス|氏名|履歴")
_EMPTY: Final = re.compile(
    r"^(?:主として)?(?:当該|当社の?|その)?業務(?:の)?(?:遂行|運営)(?:上)?$|^(?:[それこ]れ以外|他|利用|使用|その|当該|上記|下記|以下|次|特定した|本人|同意|これら|それ|当初|あらかじめ|予め|個人情報|明示した|公表した|収集|取得|業務|必要な?)?(?:の|に)?(?:利用|使用|収集)?(?:目的|範囲|とおり|通り|場合|参考)?$"
)

_IN_CASES: Final = re.compile(r"(?:以下|次|下記)の(?:場合|とき|際)に[^。、]{0,16}(?:利用|使用)")
_EMPTY_ONLY: Final = re.compile(
    r"目的$|(?:これ|それ|これら|それら|上記|下記|以下|本人|同意|場合|範囲|規定|左記|その他)(?:の)?$|同意|法令|第三者"
)
_LABEL: Final = re.compile(
    r"\s*(?:主な)?(?:(?:個人)?情報の)?(?:ご?利用|使用|取得|収集)の?(?:目的|用途)\s*[:]\s*(?=[^\s])(?!(?:上記|下記|以下|次の|前[条項]|第[0-9一二三]))"
)
_FOR_USE: Final = re.compile(
    r"(?:ため|為|目的)(?:に|で)[^。]{0,12}(?:利用|使用|活用)[^。]{0,12}。?$"
)
# A sentence that announces something else than purposes.
_ELSEWHERE: Final = re.compile(
    r"(?:以下|次|下記)の(?![^。、]{0,6}目的)[^。、]{0,16}(?:情報|項目|データ|事項|場合|方法|措置|事業者|窓口)"
)

_ASIDE: Final = 0.55


def of(nodes: Sequence[Node]) -> tuple[FoundPurpose, ...]:
    """The purposes in the order of the text, each once."""
    found = [
        one for node in nodes if node.id[:1].isdigit() for one in _visit(node, "", inside=False)
    ]
    if not found:
        found = list(_below(nodes))
    if not found:
        found = [
            one
            for node in nodes
            if node.id.startswith("pre")
            for one in _visit(node, "", inside=False)
        ]
    # What a sentence elsewhere says counts only where no clause names the purposes.
    sure = [one for one in found if one.confidence > _ASIDE]
    seen: set[str] = set()
    kept = []
    for one in sure or found:
        key = re.sub(r"[\s。、]", "", shadow(one.text)) + one.whose
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return tuple(kept)


def _below(nodes: Sequence[Node]) -> Iterator[FoundPurpose]:
    """The lists of the first articles, where the words before them say that purposes follow."""
    before = [shadow(s) for n in nodes if n.id.startswith("pre") for s in words.sentences(n.text)]
    if not any(map(_announced, before)):
        return
    for node in nodes:
        if node.kind in _APART and not node.children:
            return
        if node.id[:1].isdigit() and node.children and not node.text:
            group = words.whose(node.title) if words.is_group(node.title) else ""
            yield from _entries(node.children, group, strict=False)


def _visit(node: Node, whose: str, *, inside: bool) -> Iterator[FoundPurpose]:
    title = shadow(node.title)
    named = _TITLE.search(title) or kinds.by_title(title) == "purposes"
    said = bool(named) and node.kind in {"purposes", "items", "", "cookie"}
    if node.kind in _APART and node.title and not said:
        return
    inside = (inside or said) and not (node.kind == "items" and not said and "目的" not in title)
    group = words.whose(title) if words.is_group(node.title) else whose
    if node.kind == "cookie" and not any(_announced(shadow(c.lead)) for c in node.walk()):
        return
    taken: set[str] = set()
    yield from _labelled(node, group)
    for lead, children in words.lists(node):
        if _announced(lead) or (not lead and inside) or _about_purposes(children[0]):
            taken.add(lead)
            yield from _entries(children, group, strict=not lead)
        elif inside and not _ELSEWHERE.search(lead) and all(map(_says_why, children)):
            taken.add(lead)
            yield from _entries(children, group, strict=False)
    if node.kind == "cookie":
        inside = False
    else:
        yield from _prose(node, group, inside=inside, apart=taken)
    for lead, children in words.lists(node):
        if lead not in taken:
            for child in children:
                yield from _visit(child, group, inside=inside)


def _labelled(node: Node, whose: str) -> Iterator[FoundPurpose]:
    """What stands behind `利用目的：` on a line of its own."""
    for line in node.text.split("\n"):
        if match := _LABEL.match(shadow(line)):
            yield _one(node, line[match.end() :], whose)


def _says_why(child: Node) -> bool:
    said = shadow(child.text or child.title).strip()
    return bool(_ENTRY.search(said) or _FOR_USE.search(said))


def _announced(lead: str) -> bool:
    return bool(LEAD.search(lead)) and (
        not _NOT_LEAD.search(lead)
        or bool(_IN_CASES.search(lead) and not re.search("除き|第三者|同意なく|請求|ません", lead))
    )


def _entries(children: Sequence[Node], whose: str, *, strict: bool) -> Iterator[FoundPurpose]:
    """The purposes of a list that was announced."""
    if children and words.cells(children[0].text):
        yield from _table(children, whose)
        return
    for child in children:
        own = shadow(child.text or child.title).strip()
        if re.match(r"※|なお、|ただし、|注[)]|[【(]?根拠", own):
            continue
        if child.children:
            if (
                child.text
                and _ENTRY.search(own)
                and not re.search(r"[:]$|(?:以下|次|下記)の", own)
                and not words.is_group(own)
            ):
                yield _one(child, child.text, whose)
                continue
            head = child.title or child.text
            group = words.whose(head) if len(head) <= 30 else ""
            if (
                re.search(r"(?:情報|項目|データ)[^。]{0,14}(?:以下|次|下記)", own)
                and "目的" not in own
            ):
                continue
            yield from _entries(child.children, group or whose, strict=False)
            continue
        yield from _leaf(child, whose, strict=strict)


def _leaf(child: Node, whose: str, *, strict: bool) -> Iterator[FoundPurpose]:
    said = shadow(child.text).strip()
    if child.title and child.text:
        group = words.whose(child.title) if words.is_group(child.title) else whose
        first = next(words.sentences(child.text))
        entries = [s for s in words.sentences(child.text) if _ENTRY.search(shadow(s))]
        found = list(_prose(child, group, inside=True))
        if entries and _ENTRY.search(shadow(first)):
            for entry in entries:
                yield _one(child, entry, group)
        elif found:
            yield from found
        elif not words.is_group(child.title):
            yield _one(child, child.title, group)
        else:
            yield _one(child, first, group)
        return
    if not said:
        if child.title and not words.is_group(child.title):
            yield _one(child, child.title, whose)
        return
    head, colon, rest = child.text.replace("：", ":", 1).partition(":")
    if colon and rest.strip() and words.is_group(head) and len(head) < 40:
        yield replace(_one(child, child.text, words.whose(head)), name=rest.strip().rstrip("。"))
        return
    if colon and contents.named(head) and re.search("(?:ため|目的)。?$", shadow(rest)):
        yield _one(child, rest, whose)
        return
    sentence = said.endswith(("ます。", "ません。", "です。", "ます", "ません"))
    if sentence and (strict or _USES.search(said)):
        found = list(_prose(child, whose, inside=True))
        if (
            len(found) > 1
            and not (_PARTY.match(said) or _TOPIC.match(said))
            and said.count("。") < 2
        ):
            yield _one(child, child.text, whose)
            return
        yield from found
        if found or strict:
            return
    if sentence and _REFUSED.search(said) and not _ENTRY.search(said):
        return
    yield _one(child, child.text, whose)


def _about_purposes(row: Node) -> bool:
    """Whether a row is the head of a table with a column of purposes."""
    return any(re.search(r"目的|用途", cell) and len(cell) < 24 for cell in words.cells(row.text))


def _table(rows: Sequence[Node], whose: str) -> Iterator[FoundPurpose]:
    """The purposes of a table: the column whose head says so, or the last one."""
    head = [shadow(cell) for cell in words.cells(rows[0].text)]
    column = next(
        (at for at, cell in enumerate(head) if re.search(r"目的|用途", cell) and len(cell) < 24),
        None,
    )
    body = rows[1:] if column is not None else rows
    for row in body:
        cells = words.cells(row.text)
        if not cells or set(row.text) <= set("|-: "):
            continue
        at = column if column is not None and column < len(cells) else len(cells) - 1
        if column is None and len(cells) != 2:
            continue
        beside = " ".join(cell for i, cell in enumerate(cells) if i != at)
        for entry in words.inside_cell(cells[at]):
            if entry in {"-", "―", "—", "なし"}:
                continue
            yield _one(row, entry, words.whose(beside) or whose)


def _prose(
    node: Node, whose: str, *, inside: bool, apart: Collection[str] = ()
) -> Iterator[FoundPurpose]:
    """The purposes that the sentences of a clause name, but for those that announce a list."""
    for sentence in words.sentences(node.text):
        seen = shadow(sentence).strip()
        if seen in apart or words.cells(sentence) or _LABEL.match(seen):
            continue
        for part in _named(sentence, inside=inside):
            yield replace(_one(node, part, whose), confidence=0.7 if inside else _ASIDE)


def _named(sentence: str, *, inside: bool) -> Iterator[str]:
    if len(sentence) > words.LONGEST:
        return
    seen = words.masked(sentence)
    if re.search(r"(?:以下|次|下記)の(?:目的|とおり|通り|各号)", seen) and not re.search(
        r"ため", seen
    ):
        return
    if inside and (match := _IS.search(seen)) and not _REFUSED.search(match["what"]):
        yield from _split(sentence, seen, match.start("what"), match.end("what"))
        return
    if not _USES.search(seen) and not (inside and _ENTRY.search(seen)):
        return
    if (only := _ONLY.match(seen)) and inside and not _FOR.match(seen):
        if not _EMPTY_ONLY.search(only["what"]):
            yield from _split(sentence, seen, only.start("what"), only.end("what"))
        return
    if re.search(r"(?:ません|しない|ありません|禁止)(?:もの[^。]*)?。?$", seen) and not re.search(
        r"(?:利用|使用)(?:し|いたし|致し|させていただ|する)[^。、]{0,10}、", seen
    ):
        return
    if match := _first_for(seen, inside=inside):
        yield from _split(sentence, seen, match.start("what"), match.end("what"))
        return
    match = (_WILL.match(seen) if inside else None) or _NEEDS.match(seen)
    if match and not _REFUSED.search(match["what"]):
        yield from _split(sentence, seen, match.start("what"), match.end("what"))
        return
    if inside and not match and _ENTRY.search(seen) and re.search(r"(?:ため|為|目的)。?$", seen):
        yield sentence.rstrip("。")


def _first_for(seen: str, *, inside: bool) -> re.Match[str] | None:
    """The first words that say what data are used for."""
    start = 0
    while match := _FOR.match(seen, start):
        what, rest = match["what"], match["rest"]
        used = _VERB.search(rest) and not _NO_DATA.search(rest)
        if (
            used
            and not _BARE.search(what)
            and not _REFUSED.search(what[-60:])
            and (inside or _DATA.search(what + rest))
        ):
            return match
        start = match.start("rest")
    return None


def _split(sentence: str, seen: str, start: int, end: int) -> Iterator[str]:
    """The parts of what data are used for, without the party and the object of the sentence."""
    for pattern in (_PARTY, _TOPIC):
        if (cut := pattern.match(seen[start:end])) and cut.end() < end - start - 1:
            start += cut.end()
    if (role := seen.find("として、", start, end)) > start:
        end = role
    for part in words.dotted(words.parts(sentence[start:end], stubs=True)):
        clean = (
            re.sub(r"(?:等|など)?(?:の|する)?$", "", shadow(part))
            if not part.endswith("目的")
            else part
        )
        if shadow(part)[-1:] in "はがをも":
            continue
        if not _EMPTY.match(shadow(part)) and not _EMPTY.match(clean) and len(clean) > 1:
            yield part


def _one(node: Node, text: str, whose: str) -> FoundPurpose:
    said = text.strip()
    first = next(words.sentences(said), said)
    sure = 0.95 if re.search(r"(?:ため|為|目的)(?:\([^()]*\))?[。]?$", shadow(said)) else 0.85
    return FoundPurpose(
        name=first.rstrip("。、;； "),
        clause=node.id,
        whose=whose,
        confidence=round(min(sure, node.confidence), 2),
        span=node.span,
        text=said,
    )
