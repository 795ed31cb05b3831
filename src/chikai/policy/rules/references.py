"""References that lead nowhere or astray."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules import cited
from chikai.policy.rules.numbering import value_of
from chikai.policy.rules.reading import rejoined, shadow
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chikai.policy.outline import Kind, Node, Reference
    from chikai.policy.rules.reading import Reading

# What the words just behind a reference say about the clause that they point to.
_EXPECTED: Final[tuple[tuple[str, tuple[Kind, ...]], ...]] = (
    ("利用目的", ("purposes", "purpose_change")),
    ("第三者提供", ("third_party", "foreign", "joint")),
    ("情報の項目", ("items",)),
    ("共同利用", ("joint", "third_party")),
    ("窓口", ("desk", "complaint", "controller", "procedure")),
    ("連絡先", ("desk", "complaint", "controller", "procedure")),
    ("安全管理", ("security",)),
)
_NAMES: Final[dict[Kind, Text]] = {
    "scope": Text("適用の範囲", "scope"),
    "definition": Text("定義", "definitions"),
    "items": Text("情報の項目", "data items"),
    "purposes": Text("利用目的", "purposes of use"),
    "purpose_change": Text("利用目的の変更", "change of purposes"),
    "third_party": Text("第三者提供", "provision to third parties"),
    "foreign": Text("外国への提供", "provision abroad"),
    "joint": Text("共同利用", "joint use"),
    "entrust": Text("委託", "entrustment"),
    "security": Text("安全管理措置", "safeguards"),
    "retention": Text("保存期間", "retention"),
    "rights": Text("本人の請求", "requests of persons"),
    "rights.purpose": Text("利用目的の通知", "notice of purposes"),
    "rights.disclose": Text("開示", "disclosure"),
    "rights.correct": Text("訂正等", "correction"),
    "rights.suspend": Text("利用停止等", "suspension"),
    "procedure": Text("請求の手続", "procedure of requests"),
    "fee": Text("手数料", "fees"),
    "anonymised": Text("匿名加工情報", "anonymised information"),
    "cookie": Text("Cookie等", "cookies"),
    "desk": Text("窓口", "desk"),
    "complaint": Text("苦情", "complaints"),
    "change": Text("変更の手続", "changes"),
    "dates": Text("日付", "dates"),
    "controller": Text("事業者", "the operator"),
    "minors": Text("未成年者", "minors"),
    "law": Text("法令", "law"),
}


# An article of an Act, or of another text of the company, is not one of this policy.
_OF_ANOTHER_TEXT: Final = re.compile(
    r"(?:法|法律|令|規則|条例|規約|約款|契約書?|規程|憲章|指令|GDPR)(?:[（(][^（()）]{0,20}[)）])?[」』]?(?:の|、)?\s?$"
)
# One of several articles of an Act: 法律第76条、第90条及び第98条.
_OF_ITS_ROW: Final = re.compile(
    r"(?:法律?|令|規則|条例)(?:[（(][^（()）]{0,20}[)）])?[」』]?第[0-9０-９一二三四五六七八九十百]{1,5}条[^。はがにを]{0,60}(?:、|及び|および|又は|または|並びに|ならびに|から|ないし|・)$"
)
_ROW: Final = 120
_RELATIVE: Final = re.compile(r"^(?:前|次|本)")


@rule("L-REF-01", "error", "T", often=0.03, any_language=True)
def refers_to_no_clause(read: Reading) -> Iterator[Seen]:
    """A reference points to a clause that does not exist."""
    if not read.is_japanese:
        yield from _sections(read)
    highest, printed = _highest(read), cited.articles(read)
    for one, before, behind in cited.placed(read):
        # Paragraphs without a number are no clauses of their own, so a lone paragraph is missing only where the
        # clauses themselves are counted so, and it is beyond the last of them.
        lone = re.match(r"[^条(]*項", one.written) and not 0 < highest < value_of(one.written)
        if (
            cited.target(read, one, printed)
            or lone
            or _RELATIVE.search(one.written)
            or "根拠条文" in before
            or _is_written_out(read, one.written)
            or _OF_ANOTHER_TEXT.search(before[-40:])
            or _OF_ITS_ROW.search(before[-_ROW:])
        ):
            continue
        yield _no_clause(one.inside, one.written, behind)
    yield from _items_before(read)
    for node, written, before, behind in cited.chapters(read):
        if not _OF_ANOTHER_TEXT.search(before):
            yield _no_clause(node.id, written, behind)
    for one, target, before, behind in cited.loose(read):
        if target is None and not _OF_ANOTHER_TEXT.search(before[-40:]):
            yield _no_clause(one.inside, one.written, behind)


_ITEM_BEFORE: Final = re.compile(r"前項の?第([0-9０-９一二三四五六七八九十]{1,3})号")


def _items_before(read: Reading) -> Iterator[Seen]:
    """The items of the paragraph before that a paragraph names and that are not counted there."""
    for above in read.outline.walk():
        last: Node | None = None
        highest: dict[str, int] = {}  # of the members so far, by the style of their numbers
        for node in above.children:
            match = _ITEM_BEFORE.search(node.text)
            if match is not None and last is not None:
                own = [value_of(c.number) for c in last.children]
                told = own or [n for style, n in highest.items() if style != node.style]
                counted = max(told or highest.values(), default=0)
                if 1 < counted < value_of(match[1]):
                    yield _no_clause(node.id, match[0], "")
            highest[node.style] = max(highest.get(node.style, 0), value_of(node.number))
            last = node


def _no_clause(at: str, written: str, behind: str) -> Seen:
    return Seen(
        at,
        Text(f"「{written}」という条項はありません", f"there is no clause `{written}`"),
        Text("正しい番号に直してください", "write the right number"),
        written + behind,
    )


_PARAGRAPH: Final = re.compile(
    r"第?([0-9０-９一二三四五六七八九十]{1,3})条の?第?([0-9０-９一二三四五六七八九十]{1,3})項"
)


def _is_written_out(read: Reading, written: str) -> bool:
    """Whether 第1条第2項 names a line of the first article that begins with 第2項."""
    found = _PARAGRAPH.search(written)
    if found is None:
        return False
    article, paragraph = (value_of(part) for part in found.groups())
    lines = [
        line
        for top in read.tops
        if top.number and value_of(top.number) == article
        for node in top.walk()
        for line in f"{node.number}{node.title}\n{node.text}".splitlines()
    ]
    return any((own := _OWN.match(line)) and value_of(own[1]) == paragraph for line in lines)


_OWN: Final = re.compile(r"第([0-9０-９一二三四五六七八九十]{1,3})項")
_SECTION: Final = re.compile(
    r"\b(?:section|article|clause)\s(\d{1,2})(?!\d|[.-]\d|[^.;\n]{0,24}\b(?:of the|act|law|regulation|gdpr)\b)",
    re.IGNORECASE,
)


def _sections(read: Reading) -> Iterator[Seen]:
    """The sections that an English text refers to and does not have."""
    numbers = {value_of(n.number) for n in read.tops if n.number}
    for node in read.outline.walk() if numbers else ():
        for match in _SECTION.finditer(node.text):
            if int(match[1]) not in numbers:
                yield Seen(
                    node.id,
                    Text(
                        f"「{match[0]}」という条項はありません", f"there is no clause `{match[0]}`"
                    ),
                    Text("正しい番号に直してください", "write the right number"),
                    match[0],
                )


def _highest(read: Reading) -> int:
    """The highest number that 第N項 may name where no article is printed; 0 where articles are, or nothing is."""
    numbers = [value_of(n.number) for n in read.outline.walk() if n.number]
    return 0 if any(n.style == "article" for n in read.outline.walk()) else max(numbers, default=0)


@rule("L-REF-02", "error", "T", often=0.03)
def refers_to_another_kind(read: Reading) -> Iterator[Seen]:
    """A reference points to a clause about something else than the words beside it say."""
    items = _above(one.clause for one in read.outline.items)
    purposes = _above(one.clause for one in read.outline.purposes)
    printed, numbered = cited.articles(read), _by_number(read)
    said = (
        (one, cited.target(read, one, printed), before, behind)
        for one, before, behind in cited.placed(read)
    )
    for one, target, before, behind in (*said, *cited.loose(read), *cited.titled(read)):
        if target is None or _RELATIVE.search(one.written):
            continue
        if _counts_itself(read, one, target):
            continue
        own_words = re.sub(
            "^[^の]*の", "", one.written
        )  # 2.の利用目的 says itself what it is about
        said_of = own_words + behind[:16]
        about = own_words + cited.topic(before, behind)
        expected = next((kinds for word, kinds in _EXPECTED if word in said_of), ())
        own = _kind(read, target, items, purposes)
        # Where two parts count from 1, the number stands for the clause of either.
        others = _of_number(numbered, one.written)
        actual = {n.kind for n in target.walk() if n.kind}
        fits = own in expected or (target.children and actual & set(expected))
        astray = own and expected and not fits and not any(n.kind in expected for n in others)
        if (
            astray
            or _says_nothing_of_it(read, about, (target, *others), purposes)
            or _tells_no_way(read, one, (target, *others))
        ):
            yield _of_another_kind(read, one, behind, expected, own)


def _counts_itself(read: Reading, one: Reference, target: Node) -> bool:
    """Whether a reference stands in a part before the articles that counts clauses of its own, as a second text does."""
    part = read.outline.by_id.get(one.inside.partition(".")[0])
    if part is None or not part.id.startswith("pre") or target.id.startswith("pre"):
        return False
    first = re.search(r"[0-9０-９]+", one.written)
    numbers = {value_of(n.number) for n in part.walk() if n.number and n.children}
    return first is not None and value_of(first[0]) in numbers


# What is made by a way that another clause tells: 第5条に定める方法により統計を作成し.
_BY_A_WAY: Final = re.compile(
    r"^に(?:定め|規定|掲げ|記載)[^。、]{0,6}(?:方法|方式|手順|手続き?)(?:により|によって|に従い|に従って|で|に基づき)(?P<done>[^。]{2,60})"
)
_DOINGS: Final = re.compile(
    r"作成|加工|請求|申請|開示|通知|公表|同意|提供|変更|退会|解約|停止|消去|削除|確認|本人確認|訂正|登録|支払|申込|届出"
)


def _tells_no_way(read: Reading, one: Reference, targets: tuple[Node, ...]) -> bool:
    """Whether no clause that a reference may name speaks of anything that is done by the way told there."""
    node = read.outline.by_id[one.inside]
    words = f"{node.title}\n{node.text}"
    found = _BY_A_WAY.match(words[one.at + len(one.written) :])
    done = set(_DOINGS.findall(shadow(found["done"].partition("、")[0]))) if found else set()
    return bool(done) and not any(d in read.whole(n.id) for n in targets for d in done)


def _of_another_kind(
    read: Reading, one: Reference, behind: str, expected: tuple[Kind, ...], own: Kind
) -> Seen:
    right = next((n for n in reversed(read.outline.of_kind(*expected)) if n.number), None)
    number = _printed(right) if right else ""
    other = _NAMES.get(own, Text("別のこと", "something else"))
    name = _NAMES[expected[0]] if expected else Text("その内容", "what is said of it")
    return Seen(
        one.inside,
        Text(
            f"{one.written} は{other.ja}の条項で、{name.ja}の条項ではありません",
            f"`{one.written}` is about {other.en}, not {name.en}",
        ),
        Text(f"{number} を指すように直してください", f"refer to {number}")
        if number
        else Text("正しい番号に直してください", "write the right number"),
        one.written + behind,
    )


# What a reference may be said to be about, and what a clause about that must speak of.
_MEANT: Final = tuple(
    (re.compile(words), re.compile(speaks))
    for words, speaks in (
        (r"目的(?!地)|使いみち|使い道", r"目的|使いみち|使い道|用途"),
        (r"手数料|費用", r"手数料|費用|実費|無料|円"),
        (
            r"窓口|連絡先|宛先|問い?合わ?せ先",
            r"窓口|連絡|電話|tel|住所|所在地|メール|@|係|〒|相談|問い合わせ|事務局",
        ),
        (
            r"(?:請求|求め|求める|申出|開示|停止)(?:等)?の?(?:手続|方法)",
            r"請求|求め|申出|申し出|手続|窓口|申込",
        ),
        (r"共同(?:して)?利用", r"共同|グループ"),
        (r"委託", r"委託|任せ|外部|業者"),
        (r"(?:保存|保管|保有)(?:の)?期間", r"保存|保管|期間|年|月"),
        (r"安全管理", r"安全|防止|管理"),
        (r"第三者(?:への)?提供", r"第三者|提供|渡"),
    )
)


def _says_nothing_of_it(
    read: Reading, about: str, targets: tuple[Node, ...], purposes: frozenset[str]
) -> bool:
    """Whether no clause that a reference may name speaks of what the reference is said to be about."""
    found = [(m.end(), speaks) for words, speaks in _MEANT if (m := words.search(about))]
    if not found:
        return False
    _, speaks = max(found, key=lambda one: one[0])
    if "目的" in speaks.pattern and any(n.id in purposes for n in targets):
        return False
    above = (n for t in targets if (n := read.outline.parent(t.id)))
    return not any(speaks.search(read.whole(n.id)) for n in targets) and not any(
        speaks.search(read.shadows[n.id]) for n in above
    )


def _by_number(read: Reading) -> Mapping[int, list[Node]]:
    """The articles by the number that they print."""
    found: dict[int, list[Node]] = defaultdict(list)
    for node in read.tops:
        if node.number:
            found[value_of(node.number)].append(node)
    return found


def _of_number(numbered: Mapping[int, list[Node]], written: str) -> list[Node]:
    """The articles that print the number of a reference, where it is a single one."""
    if len(re.findall(r"[0-9０-９]+|[一二三四五六七八九十]+", written)) != 1:
        return []
    return numbered.get(value_of(written), [])


def _above(clauses: Iterable[str]) -> frozenset[str]:
    """The ids of all clauses above these."""
    return frozenset(
        ".".join(parts[:depth])
        for parts in (clause.split(".") for clause in clauses)
        for depth in range(1, len(parts))
    )


def _kind(read: Reading, node: Node, items: frozenset[str], purposes: frozenset[str]) -> Kind:
    """What a clause is about: as its lead sentence or its list says, as it says itself, or as the clause above."""
    if (node.id in items) != (node.id in purposes):
        return "items" if node.id in items else "purposes"
    above = read.outline.parent(node.id)
    return node.kind or (_kind(read, above, items, purposes) if above else "")


def _printed(node: Node) -> str:
    """The printed number of a clause as a reference gives it, such as `2(3)`."""
    first, *rest = node.id.split(".")
    return first + "".join(f"({part})" for part in rest) if first.isdigit() else node.number


_BACK: Final = re.compile(r"(?<!以)前(?:[一二三2-9])?(?P<unit>項|条)(?!目)")


_ROMAN: Final = re.compile(r"[Ⅰ-Ⅻ]")
_CHAPTER: Final = re.compile(r"第[^条]{1,6}[章編節部]")


@rule("L-REF-04", "warn", "T", often=0.03)
def looks_back_to_nothing(read: Reading) -> Iterator[Seen]:
    """A word such as 前項 or 前条 stands where nothing stands before it."""
    opening = [n for n in read.outline.nodes if n.id.startswith("pre")]
    articles = [n for n in read.tops if not _CHAPTER.match(n.number)]
    for place, top in enumerate((*opening, *articles)):
        first = place <= len(opening)
        if not first and top.style not in {"article", "heading"} and not _ROMAN.match(top.number):
            continue  # where articles are printed as `2.`, 前項 may mean the one before
        told = [(n.id, line) for n in top.walk() for line in _paragraphs(n)]
        for at, (inside, line) in enumerate(told):
            match = _BACK.search(shadow(line))
            if match and (
                (match["unit"] == "条" and first and top.style != "number")
                or (match["unit"] == "項" and not (at and place >= len(opening)))
            ):
                yield Seen(
                    inside,
                    Text(
                        f"「{match[0]}」に当たる条項がありません",
                        f"`{match[0]}` has nothing before it",
                    ),
                    Text("条項の番号で書いてください", "give the number of the clause"),
                    line,
                )
                break


def _paragraphs(node: Node) -> list[str]:
    """The paragraphs of a clause's own words."""
    return [line for line in rejoined(node.text).split("\n") if line.strip()]
