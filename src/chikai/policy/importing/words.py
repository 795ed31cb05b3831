"""What a list or a sentence holds: its sentences, its parts, and the groups of persons that it speaks of."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing.lines import shadow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Node

# `①氏名、②住所`: the numbers of an enumeration within a sentence.
COUNTED: Final = re.compile(r"(?<!\s)\s*(?:[①-⑳]|\([0-9]{1,2}\))\s*")
# No sentence is longer; nothing longer is searched.
LONGEST: Final = 1500
_BETWEEN: Final = re.compile(
    r"、|,|及び|および|並びに|ならびに|又は|または|もしくは|若しくは|;|／|(?<=[^\x00-\x7f])/(?=[^\x00-\x7f])"
)
# `又は、(4)`: what stands before the next number.
_COUNT_END: Final = re.compile(r"(?:、|,|又は|または|及び|および|並びに|そして)+$")
_AND: Final = re.compile(r"(?<=[^\s]{2})や(?=[^ぁ-ん]|ご|お)")
# A part so short shares its head with its neighbours: `提供、維持、保護及び改善`.
_STUB: Final = re.compile(
    r"^(?!決済|発送|配送|会計|診療|採用|請求|精算|課金|返品|広告|宣伝|研究|調査|抽選|認証|納品|納入|受注|発注|出荷|配達|連絡|案内|回答|返信|集計|通知|募集|施工|見積|商談|査定|修理|点検)[一-龥]{1,2}(?:等|など)?$"
)
_WHOSE: Final[tuple[tuple[str, str], ...]] = (
    (r"応募|求職|採用|就職|インターン|志望", "applicants"),
    (r"従業[者員]|社員|役職?員|職員|スタッフ|雇用|退職者", "staff"),
    (r"株主|投資家", "shareholders"),
    (r"取引先|協力会社|仕入|業者|パートナー|ビジネス", "partners"),
    (r"患者|受診", "patients"),
    (r"生徒|学生|児童|園児|保護者|受講", "students"),
    (r"来訪|来社|来館|来場", "visitors"),
    (r"寄付|支援者|ボランティア|会員", "members"),
    (r"問い?合わ?せ", "inquirers"),
    (r"お?客|顧客|利用者|ユーザー|契約者|購入者|消費者", "customers"),
)
GROUP: Final = re.compile(
    r"(?:様|さま|方|者|員|先|主|客|生|ユーザー|スタッフ|パートナー|本人)(?:等|など)?(?:の皆様|各位)?"
    r"(?:に関する|に関して|について|に係る|からの|から|へ|の|に)?[^。、]{0,14}(?:個人情報|情報|データ|場合|方|の?利用目的|目的|[:])?(?:等|について|の場合)?$"
)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text; brackets hold theirs together."""
    start = depth = 0
    for at, sign in enumerate(shadow(text)):
        depth += (sign in "(「『【") - (sign in ")」』】" and depth > 0)
        if (sign == "。" and not depth) or sign == "\n":
            if text[start : at + 1].strip():
                yield text[start : at + 1].rstrip("\n")
            start, depth = at + 1, 0
    if text[start:].strip():
        yield text[start:]


def last_sentence(text: str) -> str:
    """The shadow of the last sentence of a text, or an empty string."""
    return shadow(next(reversed(list(sentences(text))), "")).strip()


def parts(text: str, *, stubs: bool = False) -> list[str]:
    """The parts of an enumeration; commas in brackets part nothing. `stubs` keeps a short part with its neighbour."""
    seen = _masked(shadow(text))
    counted = [m.span() for m in COUNTED.finditer(shadow(text))]
    if len(counted) > 1:
        edges = [0, *(end for _, end in counted)]
        pieces = [
            seen[last:start] + "、" * (end - start)
            for last, (start, end) in zip(edges, counted, strict=False)
        ]
        seen = "".join([*pieces, seen[edges[-1] :]])
    cuts = sorted(m.span() for pattern in (_BETWEEN, _AND) for m in pattern.finditer(seen))
    if stubs and len(counted) > 1:
        cuts = counted  # its numbers part it, and nothing between them does
    if stubs:
        cuts = [cut for at, cut in enumerate(cuts) if _parts_uses(seen, cuts, at)]
    places = [(0, 0), *cuts, (len(text), len(text))]
    found: list[tuple[int, int]] = []
    for (_, start), (end, _) in itertools.pairwise(places):
        part = text[start:end].strip()
        if stubs and found and _STUB.match(part) and _shares(text[slice(*found[-1])]):
            found[-1] = (found[-1][0], end)
        elif _COUNT_END.sub("", part) != part and len(counted) > 1:
            found.append(
                (
                    start,
                    start
                    + len(text[start:end])
                    - len(text[start:end].lstrip())
                    + len(_COUNT_END.sub("", part)),
                )
            )
        elif part:
            found.append((start, end))
    return [text[start:end].strip() for start, end in found]


def _parts_uses(seen: str, cuts: list[tuple[int, int]], at: int) -> bool:
    """Whether a cut parts two uses: the や of `新商品やセールのご案内` joins what one use speaks of."""
    start, end = cuts[at]
    if seen[start:end] != "や":
        return True
    return bool(re.search("[のを]|に対する|への", seen[cuts[at - 1][1] if at else 0 : start]))


def dotted(found: list[str]) -> list[str]:
    """The parts of `提供・本人確認・請求`, where dots alone part three or more short ones."""
    inner = re.split("[・･]", found[0]) if len(found) == 1 and "(" not in shadow(found[0]) else []
    return inner if len(inner) > 2 and all(1 < len(one) <= 16 for one in inner) else found


def _shares(before: str) -> bool:
    """Whether a part has a head that a short part after it may share: `サービスの提供、維持`."""
    _, of, head = before.rpartition("の")
    return bool(of) and "と" not in head


def _masked(seen: str) -> str:
    """The text with everything in brackets blanked, so that nothing in them is found."""
    made, depth = [], 0
    for sign in seen:
        depth += sign in "(「『"
        made.append("・" if depth else sign)
        depth -= sign in ")」』" and depth > 0
    return "".join(made)


def masked(text: str) -> str:
    """The shadow of a text with everything in brackets blanked, sign for sign."""
    return _masked(shadow(text))


def whose(text: str) -> str:
    """The group of persons that a heading speaks of, or an empty string."""
    said = shadow(text)
    return next((group for pattern, group in _WHOSE if re.search(pattern, said)), "")


def is_group(text: str) -> bool:
    """Whether a heading names a group of persons."""
    said = shadow(text).strip()
    return len(said) <= 44 and bool(GROUP.search(said)) and bool(whose(said))


def lists(node: Node) -> list[tuple[str, list[Node]]]:
    """The lists below a clause, each with the shadow of the sentence that announced it."""
    return [
        ("" if lead == shadow(node.title) else lead, list(children))
        for lead, children in itertools.groupby(node.children, lambda child: shadow(child.lead))
    ]


def cells(text: str) -> list[str]:
    """The cells of a row of a table; empty where the text is none."""
    row = text.strip()
    return [cell.strip() for cell in row[1:-1].split("|")] if row[:1] == row[-1:] == "|" else []


def inside_cell(cell: str) -> list[str]:
    """The entries of one cell: parted by line breaks, bullets or numbers in circles."""
    cell = re.sub(r"(?<=[・、])\s*<br ?/?>|<br ?/?>\s*(?=[(（])", "", cell)
    pieces = re.split(r"<br ?/?>|(?:^|(?<=[\s。、]))[・•●①-⑳]", cell)
    entries = [said for piece in pieces if (said := piece.strip().lstrip("・•").strip())]
    return [one for entry in entries for one in _spaced(entry)]


def _spaced(entry: str) -> list[str]:
    """The short entries that wide blanks alone part: `履修登録　単位認定　卒業判定`."""
    wide = re.search("[\u2002\u2003\u3000]", entry)
    inner = re.split("[\u2002\u2003\u3000 ]+", entry) if wide else [entry]
    short = all(2 <= len(one) <= 20 and not re.search("[。、:：]", one) for one in inner)
    return inner if short else [entry]
