"""The purposes of use that a policy names: entries of lists, cells of tables, parts of sentences.

A list counts where the sentence or the title before it says that purposes follow; a sentence counts where it says that
data are used for something. What is said of third parties, of processed data or of a refusal names no purpose.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import (
    contents,
    headings,
    kinds,
    operators,
    sentences,
    uses,
    words,
)
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
# Clauses whose tables name the purposes of others.
_OF_OTHERS: Final = frozenset({"joint", "third_party", "foreign", "entrust", "cookie"})
LEAD: Final = re.compile(
    r"(?:以下|次|下記|下表|後記|左記)[^。]{0,40}目的|目的[^。]{0,50}(?:以下|次|下記|下表|後記|左記)|(?:以下|次|下記)[^。]{0,20}ために|"
    r"(?:以下|次|下記)[^。]{0,30}(?:用途|業務|利用)(?:に|で|する|し|いた)|目的(?:は|と(?:し|いた)|に|で)?[^。]{0,20}[:]$|ために[^。]{0,30}[:]$|"
    r"(?:以下|次|下記)[^。]{0,12}(?:よう|とおり|通り)[^。]{0,8}(?:利用|使用)|(?:以下|次|下記)の(?:こと|ため)[^。、]{0,10}(?:利用|使用|使[いうわ]|用い|役立)|"
    r"(?:以下|次|下記)の(?:場合|とき|際)に(?:のみ|限り|、)*[^。、]{0,12}(?:利用|使用)(?:し|いた|させ|する)"
)
_TITLE: Final = re.compile(
    r"目的|用途|(?:での|としての)ご?利用$|(?:何|なに)(?:に|のため)|どう使|使う目的|(?:情報|データ)[^。]{0,12}(?:利用|使用)(?:について|方法|$)|使い(?:方|道|みち)"
)
_NOT_LEAD: Final = re.compile(
    r"(?:以下|次|下記)(?:の|に掲げる)(?![^。、]{0,12}目的)[^。、]{0,16}(?:情報|項目|データ|事項|場合|方法|措置|サービス|ツール|事業者)|措置|請求|第三者に提供|同意なく|除き|該当"
)

# `法令に定める場合を除き、以下に定める利用目的の範囲を超えて利用しません`
_THESE_PURPOSES: Final = re.compile(
    r"(?:以下|次|下記)(?:に(?:定める|掲げる|示す|記載する|列挙する))?の?(?:利用|使用)?目的(?!の(?:ほか|他))[^。]{0,60}利用"
)
_ONLY_IN: Final = re.compile(
    r"(?:以下|次|下記)の(?:場合|とき|際)に(?:限り|限って|のみ)、?[^。、]{0,12}(?:利用|使用)"
)
_IN_CASES: Final = re.compile(r"(?:以下|次|下記)の(?:場合|とき|際)に[^。、]{0,16}(?:利用|使用)")
_LABEL: Final = re.compile(
    r"\s*(?:主な)?(?:(?:個人)?情報の)?(?:ご?利用|使用|取得|収集)の?(?:目的|用途)\s*[:]\s*(?=[^\s])(?!(?:上記|下記|以下|次の|前[条項]|第[0-9一二三]))"
)
# `利用する個人情報：氏名` among purposes, and `お取引先の個人情報` above those of one group.
_DATA_LABEL: Final = re.compile(
    r"(?:利用|使用|取得|収集)(?:する|した)?(?:個人)?(?:情報|データ|項目)\s*:.*"
)
_NOTE: Final = re.compile(r"[※#]|なお、|ただし、|注[)]|[【(]?根拠")
_PERSONS: Final = re.compile(r"(?:情報|データ)(?:について)?:?$")
_FOR_USE: Final = re.compile(
    r"(?:ため|為|目的)(?:に|で)[^。]{0,12}(?:利用|使用|活用)[^。]{0,12}。?$"
)
# A sentence that announces something else than purposes.
_ELSEWHERE: Final = re.compile(
    r"(?:以下|次|下記)の(?![^。、]{0,6}目的)[^。、]{0,16}(?:情報|項目|データ|事項|場合|方法|措置|事業者|窓口)"
)

# `各社のウェブサイトに記載しています`
_POINTS: Final = re.compile(
    r"(?:記載|掲載|公表|参照|ご覧|ご確認)(?:し|く|いた|を)[^。、]{0,10}。?$"
)
# A sentence that says what is had, and not what for.
_HOLDS: Final = re.compile(
    r"(?:有し|保有し|保管し|取得し|収集し|お預かりし|入手し)(?:て(?:い|おり)|)ます。?$"
)
# `宗教活動に利用することの他、以下のことにも利用します`
_BESIDES: Final = re.compile(
    r"(?:^|[、。])(?P<what>[^、。]{4,60}?(?:こと|ため|目的))の?(?:他|ほか)、?(?:に)?(?:以下|次|下記)"
)
# `ご意見は、`: of what data an entry speaks
_TOPIC: Final = re.compile("[^。、]{1,40}(?:は|を|については|につきましては)、")
# `選考、連絡、雇用管理のため`: one entry, whose end all its parts share.
_WHOLE: Final = re.compile(r"(?:ため|為|目的)$")
# What is done ends so, whatever data it speaks of: `ご家族への説明`.
_ACTION: Final = re.compile(
    r"(?:診療|説明|連携|作成|発行|提出|送信|検知|防止|把握|調査|研究|維持|向上|支援|指導|教育|検査|受付|手続き?|締結|履行|精算|支払い?|"
    r"採用|選考|審査|登録|更新|発送|配送|配布|掲載|表示|販売|勧誘|提案|募集|開催|企画|運用|保守|点検|修理|交換|返金|照会|回収)(?:\([^()]*\))?$"
)
_COLUMN: Final = re.compile(r"目的|用途|使い(?:道|みち|方)|何に使")
# The head of a table on those who do something for the company.
_OTHERS: Final = re.compile("事業者|委託先|提供先|送信先|サービス名|会社名|ツール")
_ASIDE: Final = 0.55


def of(nodes: Sequence[Node]) -> tuple[FoundPurpose, ...]:
    """The purposes in the order of the text, each once."""
    found = [
        one
        for node in nodes
        if node.id[:1].isdigit() or (node.id.startswith("sup") and "目的" in node.title)
        for one in _visit(node, "", inside=False)
    ]
    # What cookies are used for counts only where no clause names the purposes of the policy.
    of_tools = {one.id for node in nodes if node.kind == "cookie" for one in node.walk()}
    found = [one for one in found if one.clause not in of_tools] or found
    tops = {node.id: node for node in nodes}
    if all(not tops[one.clause.partition(".")[0]].text for one in found):
        # Where no article says a sentence, what stands before them may announce the lists of all.
        below = list(_below(nodes))
        found = below if len(below) > len(found) else found
    if not found:
        found = [
            one
            for node in nodes
            if node.id.startswith("pre")
            # A text without articles is one clause, which says what the data are for.
            for one in _visit(node, "", inside=len(nodes) == 1)
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
    bare = [node for node in nodes if node.id[:1].isdigit()]
    if bare and not any(n.children or n.text or sentences.closes(shadow(n.title)) for n in bare):
        yield from (_one(node, node.title, "") for node in bare)
        return
    for node in nodes:
        if node.kind in _APART and not node.children:
            return
        if node.kind == "items":
            continue
        told = any(sentences.closes(shadow(child.text)) for child in node.children)
        if node.id[:1].isdigit() and node.children and not node.text and not told:
            group = words.whose(node.title) if words.is_group(node.title) else ""
            yield from _entries(node.children, group, strict=False)


def _visit(node: Node, whose: str, *, inside: bool) -> Iterator[FoundPurpose]:
    title = shadow(node.title)
    named = _TITLE.search(title) or kinds.by_title(title) == "purposes"
    named = named or (not node.title and node.kind == "purposes" and "." not in node.id)
    said = bool(named) and node.kind in {"purposes", "items", "", "cookie"}
    if node.kind in _APART and node.title and not said and not _holds_purposes(node):
        if node.kind not in _OF_OTHERS:
            for _, children in words.lists(node):
                if _about_purposes(children[0]):
                    yield from _entries(children, whose, strict=False)
        return
    inside = (inside or said) and not (node.kind == "items" and not said and "目的" not in title)
    group = words.whose(title) if words.is_group(node.title) else whose
    if node.kind == "cookie" and not any(_announced(shadow(c.lead)) for c in node.walk()):
        return
    taken: set[str] = set()
    announcing: set[str] = set()
    listed: list[FoundPurpose] = []
    for lead, children in words.lists(node):
        if _announced(lead) or (not lead and inside) or _about_purposes(children[0]):
            announcing.add(lead)
            if besides := _BESIDES.search(lead):
                listed.append(_one(node, besides["what"], group))
            listed += _entries(children, group, strict=not lead)
        elif inside and not _ELSEWHERE.search(lead) and _say_why(lead, children):
            taken.add(lead)
            listed += _entries(children, group, strict=False)
    yield from _labelled(node, group)
    if said and not node.children and (entries := _bare(node, group)):
        yield from entries
        return
    if node.kind == "cookie":
        inside = False
    else:
        yield from _prose(node, group, inside=inside, apart=announcing)
    yield from listed
    yield from _tables_within(node, group)
    taken |= announcing
    for lead, children in words.lists(node):
        if lead not in taken:
            for child in children:
                yield from _visit(child, group, inside=inside)


def _holds_purposes(node: Node) -> bool:
    """Whether a part of a clause is on the purposes, and only words and no title say what the whole is about."""
    heads = (child.title or child.text[:40] for child in node.children)
    return not kinds.by_title(shadow(node.title)) and any(
        headings.names_purposes(shadow(head)) for head in heads
    )


def _tables_within(node: Node, whose: str) -> Iterator[FoundPurpose]:
    """The purposes of the tables that stand amid the parts of a clause."""
    if node.kind in _OF_OTHERS and not _holds_purposes(node):
        return
    for rows, run in itertools.groupby(node.children, lambda child: bool(words.cells(child.text))):
        table = list(run) if rows else []
        if table and table[0] is not node.children[0] and _about_purposes(table[0]):
            yield from _table(table, whose)


def _labelled(node: Node, whose: str) -> Iterator[FoundPurpose]:
    """What stands behind `利用目的：` on a line of its own."""
    for line in node.text.split("\n"):
        if match := _LABEL.match(shadow(line)):
            yield _one(node, line[match.end() :], whose)


def _bare(node: Node, whose: str) -> list[FoundPurpose]:
    """The lines of a clause of purposes that are entries though no marker says so, as in a cell of a table."""
    lines = node.text.split("\n")
    told = any(sentences.closes(shadow(line)) or _LABEL.match(shadow(line)) for line in lines)
    if told or "。" in node.text:
        return [] if told or len(lines) < 2 else [_one(node, line, whose) for line in lines]
    if len(lines) == 1 and not _WHOLE.search(shadow(node.text)):
        parts = words.parts(node.text, stubs=True)
        return [_one(node, part, whose) for part in parts] if len(parts) > 1 else []
    return [_one(node, line, whose) for line in lines] if len(lines) > 1 else []


def _say_why(lead: str, children: Sequence[Node]) -> bool:
    """Whether the entries of a list say what for: all of them, or most below words that are no sentence."""
    if all(map(_says_why, children)):
        return True
    return sentences.title_like(lead) and sum(map(_names_use, children)) * 2 > len(children)


def _says_why(child: Node) -> bool:
    said = shadow(child.text or child.title).strip()
    return bool(uses.ENTRY.search(said) or _FOR_USE.search(said))


def _names_use(child: Node) -> bool:
    """Whether an entry below a purpose is one itself, and neither data nor a remark."""
    said = shadow(child.text or child.title).strip()
    remark = (
        "。" in said
        or sentences.closes(said)
        or contents.named(said)
        or _NOTE.match(said)
        or ":" in said
    )
    return _says_why(child) or bool(_ACTION.search(said)) or not remark


def _announced(lead: str) -> bool:
    return (
        bool(LEAD.search(lead))
        and not sentences.asks(lead)
        and (
            not _NOT_LEAD.search(lead)
            or bool(_THESE_PURPOSES.search(lead) or _ONLY_IN.search(lead))
            or bool(
                _IN_CASES.search(lead) and not re.search("除き|第三者|同意なく|請求|ません", lead)
            )
        )
    )


def _entries(children: Sequence[Node], whose: str, *, strict: bool) -> Iterator[FoundPurpose]:
    """The purposes of a list that was announced."""
    if children and words.cells(children[0].text):
        yield from _table(children, whose)
        return
    of_purposes = any("目的" in child.title for child in children)
    for child in children:
        own = shadow(child.text or child.title).strip()
        rows = bool(child.children) and _about_purposes(child.children[0])
        if of_purposes and re.search(r"^(?!.*目的).*(?:業務(?:の?内容)?$|事業)", child.title):
            continue  # the lines of business beside the purposes
        if words.cells(child.text):
            continue  # a table that stands below the list
        if not rows and (_NOTE.match(own) or _DATA_LABEL.fullmatch(own)):
            continue
        if not child.children and ("http" in own or operators.COMPANY.fullmatch(own)):
            continue  # the companies whose pages say more
        if not child.children and _PERSONS.search(own) and words.is_group(own):
            whose = words.whose(own)  # `お客様の情報` above its purposes
            continue
        if child.children:
            of_statute = (
                child.children[0].style == "iroha"
            )  # what stands below only says more of it
            below = [one for one in child.children if not one.children]
            names = sum(map(_names_use, below))
            said_below = len(below) == len(child.children) < names * 2
            said_below = said_below and any(map(_says_why, below))
            if (
                (child.text or of_statute)
                and (of_statute or not said_below)
                and uses.ENTRY.search(own)
                and not re.search(r"[:]$|(?:以下|次|下記)の", own)
                and not words.is_group(own)
            ):
                yield _one(child, child.text or child.title, whose)
                continue
            head = child.title or child.text
            group = words.whose(head) if len(head) <= 30 else ""
            if (
                re.search(r"(?:情報|項目|データ)[^。]{0,14}(?:以下|次|下記)", own)
                and "目的" not in own
            ):
                continue
            lead = shadow(child.children[0].lead)
            if _ELSEWHERE.search(lead) and not _announced(lead):
                continue
            yield from _entries(child.children, group or whose, strict=False)
            continue
        yield from _leaf(child, whose, strict=strict)


def _leaf(child: Node, whose: str, *, strict: bool) -> Iterator[FoundPurpose]:
    said = shadow(child.text).strip()
    if labelled := list(_labelled(child, words.whose(child.title) or whose)):
        yield from labelled
        return
    if child.title and child.text:
        group = words.whose(child.title) if words.is_group(child.title) else whose
        lines = child.text.split("\n")
        if len(lines) > 1 and not any(sentences.closes(shadow(line)) for line in lines):
            for line in lines:
                yield _one(child, line, group)
            return
        first = next(words.sentences(child.text))
        entries = [s for s in words.sentences(child.text) if uses.ENTRY.search(shadow(s))]
        found = list(_prose(child, group, inside=True))
        if entries and uses.ENTRY.search(shadow(first)):
            for entry in entries:
                yield _one(child, entry, group)
        elif found:
            yield from found
        elif not sentences.closes(said):
            yield _one(child, first, group)
        elif not words.is_group(child.title):
            if child.kind not in _APART:
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
    of_data = contents.named(head) or head.endswith(("情報", "データ"))
    if colon and of_data and re.search("(?:ため|目的)。?$", shadow(rest)):
        yield _one(child, rest, whose)
        return
    sentence = said.endswith(("ます。", "ません。", "です。", "ます", "ません"))
    if sentence and (strict or uses.USES.search(said)):
        found = list(_prose(child, whose, inside=True))
        whole = len(found) > 1 or (found and _FOR_USE.search(said) and not _TOPIC.match(said))
        if whole and not uses.led(said) and said.count("。") < 2:
            yield _one(child, child.text, whose)
            return
        yield from found
        if found or strict:
            return
    if sentences.closes(first := shadow(next(words.sentences(child.text)))) and (
        _POINTS.search(first) or (strict and not sentence)
    ):
        return
    if sentence and _HOLDS.search(said):
        return
    if sentence and uses.REFUSED.search(said) and not uses.ENTRY.search(said):
        return
    yield _one(child, child.text, whose)


def _about_purposes(row: Node) -> bool:
    """Whether a row is the head of a table with a column of purposes."""
    cells = words.cells(row.text)
    of_others = any(_OTHERS.search(cell) and len(cell) < 24 for cell in cells)
    return any(_COLUMN.search(cell) and len(cell) < 24 for cell in cells) and not of_others


def _table(rows: Sequence[Node], whose: str) -> Iterator[FoundPurpose]:
    """The purposes of a table: the column whose head says so, or the last one."""
    head = [shadow(cell) for cell in words.cells(rows[0].text)]
    column = next(
        (at for at, cell in enumerate(head) if _COLUMN.search(cell) and len(cell) < 24),
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
        for part in uses.named(sentence, inside=inside):
            yield replace(_one(node, part, whose), confidence=0.7 if inside else _ASIDE)


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
