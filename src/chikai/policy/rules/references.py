"""References that lead nowhere or astray, and lists that are announced and missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules import cited
from chikai.policy.rules.numbering import value_of
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chikai.policy.outline import Kind, Node
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
        ):
            continue
        yield Seen(
            one.inside,
            Text(f"「{one.written}」という条項はありません", f"there is no clause `{one.written}`"),
            Text("正しい番号に直してください", "write the right number"),
            one.written + behind,
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
    printed = cited.articles(read)
    said = (
        (one, cited.target(read, one, printed), behind) for one, _, behind in cited.placed(read)
    )
    for one, target, behind in (*said, *cited.loose(read)):
        expected = next((kinds for word, kinds in _EXPECTED if word in behind[:16]), ())
        if target is None or not expected or _RELATIVE.search(one.written):
            continue
        actual = {n.kind for n in target.walk() if n.kind}
        own = _kind(read, target, items, purposes)
        # Where two parts count from 1, the number stands for the clause of either.
        if any(n.kind in expected for n in _of_number(read, one.written)):
            continue
        if not own or own in expected or (target.children and actual & set(expected)):
            continue
        right = next((n for n in reversed(read.outline.of_kind(*expected)) if n.number), None)
        number = _printed(right) if right else ""
        name, other = _NAMES[expected[0]], _NAMES[own]
        yield Seen(
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


def _of_number(read: Reading, written: str) -> list[Node]:
    """The articles that print the number of a reference, where it is a single one."""
    if len(re.findall(r"[0-9]+|[一二三四五六七八九十]+", written)) != 1:
        return []
    return [n for n in read.tops if n.number and value_of(n.number) == value_of(written)]


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


_ANNOUNCES: Final = re.compile(
    r"(?:以下|次|下記|後記)(?:の|に)(?:とおり|通り|各号|各項|場合|目的|情報|事項|もの|項目|措置|表|いずれか|掲げる|定める|示す|ような|ように|(?:業務|委託先|提供先|者|会社|国|サービス|方法|書類|手続き?|データ)(?:を|に|が|へ|と)[^。、]{0,24}(?:ます|です)。?$)|(?:とおり|通り)(?:です|となります)?[。:]?$|下記[。:]?$"
)
# As another clause says it, which has a number.
_AS_ELSEWHERE: Final = re.compile(
    r"(?:第?\d{1,2}[条項号章]|前[条項号文]|上記|別紙|別表|別途)[^。、]{0,12}(?:とおり|通り)"
)
_TO_THE_DESK: Final = re.compile(
    r"(?:以下|下記)(?:の)?[^。]{0,24}(?:窓口|連絡先|宛先?|フォーム|まで|アドレス|メール)"
)
_LISTS: Final = re.compile(r"(?:次|以下)に掲げる(?:場合|事項|者|もの)|(?:次|以下)の各[号項]")
# So many signs tell a sentence from the others of its clause.
_KNOWN_BY: Final = 12
_PROVISO: Final = re.compile(r"^(?:ただし|但し|なお|この場合|また)")
# What is to be read before going on is the policy itself.
_ABOUT_THE_REST: Final = re.compile(
    r"(?:以下|次|下記)の[^。]{0,24}(?:ご?(?:理解|確認|承知|了承|同意)|お?読み|ご覧)[^。]{0,24}(?:ください|願い|お願い)"
)
# A first clause that says how the policy goes on announces all that stands behind it.
_OPENS: Final = re.compile(
    r"(?:以下|次|下記)の?(?:とおり|通り|よう|方針|事項|内容|取り組み|考え)[^。]{0,40}(?:取扱|定め|策定|制定|公表|実施|実践|保護|管理|遵守|努め|取り組|宣言|掲げ)"
)
_ELSEWHERE: Final = re.compile(
    r"https?:|www\.|\[[^\]]*\]\(|こちら|別紙|別表|リンク|ページ|サイト上"
)
_REACHED: Final = re.compile(
    r"[\w.+-]@[\w-]+\.|0\d{1,4}-\d{1,4}-\d{3,4}|〒|https?:|フォーム|こちら|電話|tel|住所|所在地"
)


@rule("L-REF-03", "error", "T", often=0.03)
def announces_a_list_that_is_missing(read: Reading) -> Iterator[Seen]:
    """A clause ends by announcing a list or table, and none follows."""
    nodes = [n for n in read.outline.walk() if not n.id.startswith("d.")]
    reached = max(
        (at for at, n in enumerate(nodes) if _REACHED.search(read.shadows[n.id])), default=-1
    )
    for at, node in enumerate(nodes):
        last = _undated(read, node)
        if node.children or not node.text.strip():
            continue
        if not _ANNOUNCES.search(last):
            # A proviso may stand behind the sentence that announced, and lines of a list may not.
            last = next((s.text for s in read.said(node.id) if _LISTS.search(s.text)), "")
            if not last or _PROVISO.search(read.lead(node)) is None:
                continue
        below = nodes[at + 1] if at + 1 < len(nodes) else None
        first = bool(read.tops) and node.id.partition(".")[0] == read.tops[0].id
        opens = first and _OPENS.search(last)
        whole = below is not None and (opens or _ABOUT_THE_REST.search(last))
        if whole or _goes_on(node, below):
            continue
        if _ELSEWHERE.search(last) or _AS_ELSEWHERE.search(last):
            continue
        if _TO_THE_DESK.search(last) and at <= reached:
            continue
        yield Seen(
            node.id,
            Text(
                "「以下のとおり」とありますが、そのあとに何も書かれていません",
                "the text announces something, and nothing follows",
            ),
            Text(
                "一覧を書くか、ないときは「ありません」と書いてください",
                "write the list, or that there is none",
            ),
            node.text.strip().rpartition("\n")[2],
        )


def _undated(read: Reading, node: Node) -> str:
    """The last sentence of a clause before the dates that stand at its foot."""
    said = [s.text for s in read.said(node.id)]
    dated = len(said) > 1 and _DATED.match(said[-1])
    while len(said) > 1 and _DATED.match(said[-1]):
        said.pop()
    return said[-1] if dated else read.lead(node)


_DATED: Final = re.compile(r"(?:制定|改定|改訂|施行|最終更新|更新|作成)日?[::]?[^。]{0,20}\d")


def _goes_on(node: Node, below: Node | None) -> bool:
    """Whether what follows a clause belongs to what it announces."""
    if node.id.startswith("pre"):
        return below is not None
    if below is None:
        return False
    deep, next_ = node.id.count("."), below.id.count(".")
    listed = below.style in {"bullet", "line", "circled", "iroha", "letter"} or (
        below.style == "heading" and bool(below.children) and deep > 0
    )
    return next_ > deep or (
        next_ == deep and listed and (below.style != node.style or below.style == "heading")
    )


_BACK: Final = re.compile(r"(?<!以)前(?:[一二三2-9])?(?P<unit>項|条)")


@rule("L-REF-04", "warn", "T", often=0.03)
def looks_back_to_nothing(read: Reading) -> Iterator[Seen]:
    """A word such as 前項 or 前条 stands where nothing stands before it."""
    for place, top in enumerate(read.tops):
        if place and top.style != "article":
            break  # where articles are printed as `2.`, 前項 may mean the one before
        told = [s for n in top.walk() for s in read.said(n.id) if s.raw != n.title]
        for at, sentence in enumerate(told):
            match = _BACK.search(sentence.text)
            if match and (
                (match["unit"] == "条" and not place) or (match["unit"] == "項" and not at)
            ):
                yield Seen(
                    sentence.at,
                    Text(
                        f"「{match[0]}」に当たる条項がありません",
                        f"`{match[0]}` has nothing before it",
                    ),
                    Text("条項の番号で書いてください", "give the number of the clause"),
                    sentence.raw,
                )
                break


@rule("L-REF-05", "warn", "T", often=0.05)
def parts_a_list_from_its_lead(read: Reading) -> Iterator[Seen]:
    """Between the sentence that announces a list and the list stands another sentence."""
    announced = re.compile(
        r"(?:次|以下|下記)の(?:各号|各項|いずれか|場合|とおり|通り|(?:利用)?目的|(?:個人)?情報|事項|項目)[^。]*。|(?:次|以下)に(?:掲げる|定める|該当する)[^。]*。"
    )
    for node in read.outline.walk():
        listed = [c for c in node.children if c.style not in {"line", "heading", "prose"}]
        if not listed or _ANNOUNCES.search(read.lead(node)):
            continue
        mine = [s for s in read.said(node.id) if s.text != read.lead(node)]
        before = next((s for s in mine if announced.search(s.text)), None)
        if before is not None and _stands_between(read, node, listed, before.raw):
            yield Seen(
                node.id,
                Text(
                    "一覧を示す文と一覧のあいだに、別の文が入っています",
                    "another sentence stands between the list and the one that announces it",
                ),
                Text("その文を一覧のあとに移してください", "move that sentence behind the list"),
                before.raw,
            )


def _stands_between(read: Reading, node: Node, listed: list[Node], announced: str) -> bool:
    """Whether a sentence stands behind the one that announced and before the list, as the source has them.

    What a clause says behind its list is among its own words, too.
    """
    source = dict(read.outline.sources).get(node.span.file, "")
    begins = min(c.span.start for c in listed)
    at = source.find(announced.strip()[:_KNOWN_BY], node.span.start, node.span.end)
    if at < 0:  # the source breaks its lines within the sentence
        at = source.find(announced.strip()[-_KNOWN_BY:], node.span.start, node.span.end)
    if at < 0:
        return True
    ends = source.find("。", at, begins)
    return ends >= 0 and "。" in re.sub(r"[(（][^()（）]*[)）]", "", source[ends + 1 : begins])
