"""Lists, tables and annexes that a sentence announces: whether they stand there, and where."""

from __future__ import annotations

import itertools
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.numbering import value_of
from chikai.policy.rules.reading import shadow
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Node
    from chikai.policy.rules.reading import Reading, Sentence

_ENDS: Final = r"[^。]{0,40}(?:ます|です|する|である|した|ください)。?$"
# A table, a list of what only a list can tell, or each of certain others: 下の表のとおりです, 範囲は次のとおりです, 次の各社と.
_OF_A_LIST: Final = re.compile(
    r"(?:(?:下|次|以下|下記)の(?:一覧)?表|下表|次表)(?:の|に|を|で)"
    r"|(?:範囲|委託先|提供先|送信先|利用先|相手方|会社|各社|事業者|業務|国名?|項目|書類|一覧|種類|団体|名称|者|先)は、?(?:次|以下|下記)の(?:とおり|通り)(?:です|である|とします|とする|となります|でございます|といたします)?。?$"
    r"|(?:一覧|範囲|委託先|提供先|項目|種類|名称|会社|国名?)(?:は|を)、?(?:次|以下|下記)に(?:示|掲げ|記載|定め)[^。]{0,8}。?$"
    rf"|(?:次|以下|下記)の(?:各社|各団体|各[者国]|会社|事業者|企業|法人|機関|団体|[者国]|国々|書類|業務)(?:を|に|が|へ|と|で){_ENDS}"
)
_SHOWN_ELSEWHERE: Final = re.compile(
    r"https?:|www\.|\[[^\]]*\]\(|こちら|リンク|ページ|サイト|別紙|別表"
)
# The sentence behind speaks of something of its own, and so is not what was announced.
_ITS_OWN: Final = re.compile(
    r"^(?:なお|また|ただし|これら|この|その)|^[^。、:]{1,40}(?:は、|場合(?:は|に)|(?:に|)(?:あたって|当たって|際して)は?、|とき(?:は|に)|には、|ため、)"
)
_ANNEX: Final = re.compile(
    r"別表(?:第?[0-9一二三四五六七八九十]{1,2})?(?:に|の)(?:掲げ|定め|記載|示|規定|様式)"
)
_IS_ANNEX: Final = re.compile(r"^[\s　#*【\[（(<＜■]{0,8}別\s?表", re.MULTILINE)


def _unfulfilled(read: Reading) -> Iterator[Sentence]:
    """The sentences amid a clause that announce a list, a table or an annex that stands nowhere."""
    annexed = any(_IS_ANNEX.search(text) for _, text in read.outline.sources)
    below: dict[str, Node] = {a.id: b for a, b in pairwise(read.outline.walk())}
    for node in read.outline.walk():
        said = [s for s in read.said(node.id) if s.raw.strip() != node.title]
        listed = max((at for at, s in enumerate(said) if not s.text.endswith("。")), default=-1)
        alone = not node.children and not _is_to_fill_in(node)
        for at, s in enumerate(said):
            if not annexed and _ANNEX.search(s.text) and not re.search("https?:", s.text):
                yield s
                break
            opens = alone and _OF_A_LIST.search(s.text)
            if not opens or _SHOWN_ELSEWHERE.search(s.text) or listed > at:
                continue
            after = said[at + 1] if at + 1 < len(said) else None
            if not after and _headed_by_it(read, node, opens[0]):
                continue
            if _is_its_own(after.text, s.text) if after else _ends_there(below.get(node.id)):
                yield s
                break


def _headed_by_it(read: Reading, node: Node, announced: str) -> bool:
    """Whether the next heading names what a clause announced: `以下の国` before `データを保管する国`."""
    above = read.outline.parent(node.id)
    later = [n for one in (node, above) if one for n in _behind(read, one)]
    noun = re.search(r"(?:次|以下|下記)の([一-龥]{1,6})", announced)
    return noun is not None and any(noun[1] in shadow(n.title) for n in later if n.title)


def _behind(read: Reading, node: Node) -> list[Node]:
    """The clause that stands next to one, if any."""
    above = read.outline.parent(node.id)
    beside = above.children if above else list(read.outline.nodes)
    at = beside.index(node)
    return list(beside[at + 1 : at + 2])


_SUBJECT: Final = re.compile(r"^([^。、:は]{2,20})は")


def _is_its_own(behind: str, announced: str) -> bool:
    """Whether a sentence speaks of something else than the one before it announced."""
    subject = _SUBJECT.search(behind)
    noun = subject[1].rpartition("の")[2] if subject else ""
    told = _OF_A_LIST.search(announced)
    same = told is not None and bool({*re.findall("[一-龥]", noun)} & {*told[0]})
    return bool((noun and not same) or _ITS_OWN.search(behind))


def _ends_there(below: Node | None) -> bool:
    """Whether nothing that stands behind a clause belongs to it."""
    return below is None or below.style in {"article", "heading"} or "." not in below.id


_ANNOUNCES: Final = re.compile(
    r"(?:以下|次|下記|後記)(?:の|に)(?:とおり|通り|各号|各項|場合|目的|情報|事項|もの|項目|措置|表|いずれか|掲げる|定める|示す|ような|ように|(?:業務|委託先|提供先|者|会社|国|サービス|方法|書類|手続き?|データ)(?:を|に|が|へ|と)[^。、]{0,24}(?:ます|です)。?$)|(?:とおり|通り)(?:です|となります)?[。:]?$|下記[。:]?$"
)
# As another clause says it, which has a number or stands before, or as the law does.
_AS_ELSEWHERE: Final = re.compile(
    r"(?:第?\d{1,2}[条項号章]|前[条項号文]|上記|別紙|別表|別途|末尾|巻末|冒頭|次[条項号])[^。、]{0,12}(?:とおり|通り)"
    r"|(?:述べた|申し?上げた|触れた|(?:はじめ|初め|冒頭|先|前|すで|既)(?:に|で)[^。、以次下]{0,10}[たの])(?:とおり|通り)|[前上先既](?:述|記|掲|出)の(?:とおり|通り)|法(?:令|律)?(?:に|の)(?:定め|規定)[^。、以次下]{0,6}(?:とおり|通り)"
)
# What is announced stands behind a colon of the same sentence.
_BEHIND: Final = re.compile(
    r"(?:以下|次|下記)[^。:]{0,80}(?:ます|ません|です|ない|する)[::][^。]{6}"
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


# A desk that a text announces below: 下記の窓口まで, 連絡先を以下に示します.
_DESK_BELOW: Final = re.compile(
    r"(?:以下|下記|次|後記)の?(?:[^。、]{0,12}の)?(?:窓口|連絡先|宛先|問い合わせ先|相談先|送付先|係)(?:まで|へ|に|にて|で|あて|宛|です|となり)|(?:窓口|連絡先|宛先|問い合わせ先|送付先)(?:は|を)、?(?:以下|下記|次|後記)(?:に|の(?:とおり|通り))"
)
# By what somebody can be reached, whoever it is.
_CONTACT: Final = re.compile(
    r"[\w.+-](?:@|\[at\]|\(at\)|★|◎)[\w-]|0\d{1,4}[-(ー−–]\d{1,4}[-)ー−–]\d{3,4}|0\d{9,10}|〒|https?:|www\.|フォーム|こちら|リンク|マイページ|(?:住所|所在地|電話(?:番号)?|tel|fax|e?-?mail|メール(?:アドレス)?|担当(?:者|部署)?|部署|窓口|宛先|連絡先)[^。]{0,4}[::|]|[都道府県][^。\n]{1,12}[市区町村郡][^。\n]{0,24}\d"
    r"|[一-龥ァ-ヴー]{2,}(?:課|係|部|室|事務局|センター|デスク)$"
)


def _nobody_reached(read: Reading) -> Iterator[Sentence]:
    """The first sentence that announces a desk below it, where the whole text names nobody who can be reached."""
    who = read.outline.contact
    known = who.phone or who.mail or who.address or who.postal_code or who.url
    if not known and not _CONTACT.search(read.text):
        yield from itertools.islice(read.saying(_DESK_BELOW), 1)


# What is to be filled in stands where the list belongs, and is told as that.
_TO_FILL_IN: Final = re.compile(r"【[^】]{0,200}】$")


def _is_to_fill_in(node: Node) -> bool:
    """Whether a clause ends with a blank that nobody has filled in."""
    # A hostile clause has as many signs as the text, and only its end says this.
    return _TO_FILL_IN.search(node.text[-_FOOT:].rstrip()) is not None


_FOOT: Final = 240


@rule("L-REF-03", "error", "T", often=0.03)
def announces_a_list_that_is_missing(read: Reading) -> Iterator[Seen]:
    """A clause ends by announcing a list or table, and none follows."""
    nodes = [n for n in read.outline.walk() if not n.id.startswith("d.")]
    reached = max(
        (at for at, n in enumerate(nodes) if _REACHED.search(read.shadows[n.id])), default=-1
    )
    seen: dict[str, str] = {}
    for at, node in enumerate(nodes):
        last = _undated(read, node)
        if node.children or not node.text.strip() or _is_to_fill_in(node):
            continue
        if not _ANNOUNCES.search(last):
            # A proviso may stand behind the sentence that announced, and lines of a list may not.
            last = next((s.text for s in read.said(node.id) if _LISTS.search(s.text)), "")
            if not last or _PROVISO.search(read.lead(node)) is None:
                continue
        below = nodes[at + 1] if at + 1 < len(nodes) else None
        first = bool(read.tops) and node.id.partition(".")[0] == read.tops[0].id
        opens = first and _OPENS.search(last)
        whole = below is not None and (
            opens or _ABOUT_THE_REST.search(last) or _begins_a_part(read, node, below, last)
        )
        if whole or _goes_on(node, below):
            continue
        if _ELSEWHERE.search(last) or _AS_ELSEWHERE.search(last) or _BEHIND.search(last):
            continue
        if _TO_THE_DESK.search(last) and at <= reached:
            continue
        seen.setdefault(node.id, node.text.strip().rpartition("\n")[2])
    for s in (*_unfulfilled(read), *_nobody_reached(read)):
        seen.setdefault(s.at, s.raw)
    for id_, quote in seen.items():
        yield Seen(
            id_,
            Text(
                "「以下のとおり」とありますが、そのあとに何も書かれていません",
                "the text announces something, and nothing follows",
            ),
            Text(
                "一覧を書くか、ないときは「ありません」と書いてください",
                "write the list, or that there is none",
            ),
            quote,
        )


def _begins_a_part(read: Reading, node: Node, below: Node, last: str) -> bool:
    """Whether a headed clause without a number announces the numbered ones behind it, as a second document does."""
    return bool(
        _OPENS_A_PART.search(last)
        and node in read.tops
        and not value_of(node.number)
        and value_of(below.number) == 1
    )


_OPENS_A_PART: Final = re.compile(
    r"(?:以下|次|下記)の?(?:とおり|通り|よう|方針|事項|内容)[^。]{0,40}(?:知らせ|公表|取扱|定め|説明|案内|掲げ|お伝え|示し|記載|通知|明示)"
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


_LEADS: Final = re.compile(
    r"(?:次|以下|下記)の(?:各号|各項|いずれか|場合|とおり|通り|(?:利用)?目的|[^。、のにはをがで]{0,8}情報|事項|項目|[(]?[1一ア]|表|一覧)[^。]*。|(?:次|以下)に(?:掲げる|定める|該当する)[^。]*。|(?:下|次|下記|以下)の?表[^。]*。"
    # 次のような用途に使います, 以下の者に対して提供します; a desk below is none of a list's.
    r"|(?:次|以下|下記)の(?:ような)?(?:者|[^。、のにはをがで]{0,6}(?:会社|団体|機関)|提供先|用途|範囲)(?:を|に|が|へ|と|で|から)[^。]*。"
)


@rule("L-REF-05", "warn", "T", often=0.05)
def parts_a_list_from_its_lead(read: Reading) -> Iterator[Seen]:
    """Between the sentence that announces a list and the list stands another sentence."""
    for node in read.outline.walk():
        listed = _listed(node) or _listed_beside(read, node)
        if not listed or _ANNOUNCES.search(read.lead(node)):
            continue
        mine = [s for s in read.said(node.id) if s.text != read.lead(node)]
        before = next((s for s in mine if _LEADS.search(s.text)), None)
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


def _listed(node: Node) -> list[Node]:
    """The members of a clause's list, or the rows of its table."""
    return [
        c
        for c in node.children
        if c.style not in {"line", "heading", "prose"} or c.text.lstrip().startswith("|")
    ]


def _listed_beside(read: Reading, node: Node) -> list[Node]:
    """The list that begins behind a paragraph of a clause and is counted apart from it."""
    above = read.outline.parent(node.id)
    if above is None or node.children:
        return []
    behind = above.children[above.children.index(node) + 1 :][:1]
    counted = {"number", "paren", "circled", "iroha"} - {node.style}
    return [n for n in behind if n.style in counted and value_of(n.number) == 1]


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
