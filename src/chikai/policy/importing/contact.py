"""Who answers for the data, as the text says it: name, representative, address, desk, officer, ways to reach them.

One line may hold all of it (`〒… 東京都… 株式会社乙 個人情報相談室 電話 03-…`): each ends where the next one begins. The
name of a desk that stands in an address counts before the word of its heading, which every policy has.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import operators, others, words
from chikai.policy.importing.lines import shadow
from chikai.policy.outline import Contact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.importing.lines import Line
    from chikai.policy.outline import Node

_HEAD: Final = re.compile(
    r"(?<!副)(?:代表(?:取締役(?:社長|会長)?(?:\s*兼\s*(?:CEO|COO|社長|会長))?|執行役員?|社員|理事|者(?:の?氏?名)?)?|理事長|院長|学長|校長|園長|塾長|館長|会長|社長|市長|町長|村長|店主|オーナー|主宰)"
    r"(?:\s*[:]\s*|\s+)(?:代表取締役(?:社長|会長)?\s*|代表社員\s*|理事長\s*|院長\s*)?(?P<name>[一-龥々ヶ髙﨑ぁ-んァ-ヶー]{1,6}(?:[\s・][一-龥々ぁ-んァ-ヶー]{1,8})?|[A-Z][A-Za-z.]+(?:\s[A-Z][A-Za-z.]+)+)(?=$|[\s、。()/])"
)
_OFFICER: Final = re.compile(
    r"(?:個人情報(?:の)?(?:保護)?(?:総括|統括)?(?:管理)?(?:責任者|管理者)|保護管理者|管理責任者)(?:\([^()]*\))?\s*(?:[:]|\s|は、?)\s*(?P<name>[^。、]{2,40}?)(?=$|[。、]|\s+(?:連絡先|電話|TEL|FAX|メール|E-?mail|住所)|\s*/)"
)
_BESIDE: Final = re.compile(r"(?<!\s)\s*[/|]\s*(?=[^\s:/|]{2,12}:)")
_POST: Final = re.compile(r"(?:〒\s*)?(?<![0-9-])([0-9]{3}-[0-9]{4})(?![-0-9])")
_PLACE: Final = re.compile(
    r"(?:北海道|東京都|(?:京都|大阪)府|(?:[一-龥]{2,3})県|[一-龥ヶ]{1,5}[市区郡])(?![一-龥]{0,8}(?:条例|法|議会|役所|長))[^。、:@()]{1,30}?(?:[0-9]|[一二三四五六七八九十]+(?:丁目|番|号|-|条|ノ|の))[^。、@()]{0,50}"
)
# An address that ends at its city or ward: behind its label, or on a line of its own.
_WARD: Final = r"(?:北海道|東京都|(?:京都|大阪)府|[一-龥]{2,3}県)[一-龥ぁ-んァ-ヶ]{1,10}?[市区町村郡][一-龥ァ-ヶヶ]{0,12}"
_LABELLED: Final = re.compile(
    rf"(?:住所|所在地|本社|本店|事務所)\s*[:\s]\s*(?P<place>{_WARD})(?=$|[\s(、。/])"
)
_ALONE: Final = re.compile(rf"(?P<place>{_WARD})")
# Where an address ends within its line.
_PLACE_ENDS: Final = re.compile(
    rf"\s*\[MAP\]|\s*(?:TEL|電話|FAX|ファ[ック]|E-?mail|e-?mail|メール|担当|受付|営業時間|https?:|宛|代表|個人情報)|\s+(?=[^\s]*{operators.FORM}|[^\s0-9]{{2,}}{operators.BODY}(?:\s|$)|[^\s]*(?:窓口|相談室|センター|事務局|サポート|[^\s階]室|係|部|課)(?:\s|宛|行|$))",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"(?<![0-9-])(0[0-9]{1,4}\s?[-(]\s?[0-9]{1,4}\s?[-)]\s?[0-9]{3,4}|\(0[0-9]{1,4}\)\s?[0-9]{1,4}-[0-9]{3,4}|0[0-9]{9,10}|(?<=\+)[1-9][0-9]{0,2}(?:[ -][0-9]{2,4}){2,5})(?![0-9-])"
)
# A number with a label and without the first part, as a town prints it.
_LOCAL: Final = re.compile(
    r"(?:電話(?:番号)?|TEL)[^0-9]{0,8}([0-9]{2,4}-[0-9]{4})(?![-0-9])", re.IGNORECASE
)
_KANJI_PHONE: Final = re.compile(
    r"(?:電話(?:番号)?|TEL)[^〇一二三四五六七八九]{0,4}(〇[〇一二三四五六七八九]{1,3}[-(ー―][〇一二三四五六七八九]{1,4}[-)ー―][〇一二三四五六七八九]{4})"
)
_KANJI: Final = str.maketrans("〇一二三四五六七八九―ー", "0123456789--")
# Behind `TEL/FAX:` stands the number of both.
_BOTH: Final = re.compile(r"(?:TEL|電話(?:番号)?)\s?[/・&]\s?$", re.IGNORECASE)
_FAX: Final = re.compile(
    r"(?<!TEL/)(?<!TEL・)(?<!電話/)(?<!電話・)(?<!TEL&)(?:FAX|ファクス|ファックス|ファクシミリ)[^0-9]{0,8}$",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(
    r"[A-Za-z0-9._%+-]+\s?(?:@|\[at\]|\(at\)|☆|★|\[@\]|●|◎|\[アット\]|\(アット\)|アットマーク)\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
# What a template writes where a mail is to stand.
_NO_MAIL: Final = re.compile(r"x{2,}@|[x.]+$", re.IGNORECASE)
_AT: Final = re.compile(r"\s?(?:\[at\]|\(at\)|☆|★|\[@\]|●|◎|[\[(]アット[\])]|アットマーク)\s?")
_URL: Final = re.compile(r"https?://(?!(?:www\.)?ppc\.go\.jp)[!#-(*-=?-Z_a-z~%]+")
# A form to print is no page of the desk.
_FORM: Final = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|rtf)(?:$|[?#])", re.IGNORECASE)
_DESK: Final = re.compile(
    r"(?:^|[:\s■●◆◇○【\[]|^[0-9一二三四五六七八九]{1,2}[.、)]\s*)(?![0-9])([^\s。、:()【】■●◆◇○\[\]]{0,30}(?:窓口|相談室|推進室|対策室|保護室|お客様センター|コールセンター|カスタマー(?:サポート|センター)|サポート(?:センター|デスク)|ヘルプデスク|事務局|担当(?:係|者|窓口|部署)?|相談係|(?:総務|管理|人事|法務|広報|情報|企画|業務|庶務|経営)[^\s。、:]{0,8}[部課係室]|お問い?合わ?せ(?:先|係)|受付係))(?:宛て?|行|まで)?(?=$|[\s:()【】\]])"
)
# The words of a heading, which name no desk of their own.
_ANY_DESK: Final = re.compile(
    r"(?:(?:個人情報|本ポリシー|プライバシーポリシー|開示等|請求|苦情|お?問い?合わ?せ|ご?相談|ご?連絡|受付|に関する|の|・|や|および|及び|等|お申?し?出|対応|各種|取り?扱い?|保護)*)(?:窓口|先|担当者?|担当窓口|担当部署)"
)
# A desk behind its label: `受付窓口：お客様サービス係`.
_AT_LABEL: Final = re.compile(
    r"^[-・■●◆◇○*\s]*(?:[^\s:。、]{0,14}(?:窓口|申出先|申し出先|問い?合わ?せ先|連絡先|請求先|担当(?:部署|部門|窓口)?|部署|部門|宛先|受付先))(?:の?名称?)?\s*(?:[:|]|\s)\s*(?P<name>\S.{1,40})$"
)
_DESK_ENDS: Final = re.compile(
    r"\s*(?:[(/]|TEL|電話|FAX|E-?mail|メール|〒|https?:|まで|宛)|\s+(?=0[0-9])", re.IGNORECASE
)
_IS_DESK: Final = re.compile(
    r"(?!.*(?:フォーム|ページ|書面|郵送|下記|以下|までに|ください|お願い|住所|受付時間|平日))[^。、@:〒]{2,30}(?:係|課|部|室|局|センター|デスク|窓口|担当|担当者|グループ|チーム|事務所|受付|支店|本店|本社|営業所|事務長|店長|院長|責任者)"
)
_NAMED_DESK: Final = re.compile(r"\S{2}担当者?$")
# A desk on a line of its own, with the company before it or without.
_UNIT: Final = re.compile(
    rf"(?:[^\s、。:]*{operators.FORM}[^\s、。:]*\s+)?(?P<name>[^\s、。:()0-9@]{{1,20}}(?:係|課|部|室|センター|デスク|事務局))"
)
_NEAR: Final = frozenset({"desk", "complaint", "controller", "rights", "procedure", "scope"})
_DESKS: Final = frozenset({"desk", "complaint"})
_SHORT: Final = 160


def of(lines: Sequence[Line], nodes: Sequence[Node], title: str) -> Contact:
    """What the text says of the operator and its desk; a word is empty where it says nothing."""
    found: dict[str, str] = {}
    name = operators.name([piece for line in lines for piece in _pieces(line)], title)
    lines = [piece for line in others.without(lines, nodes, name) for piece in _pieces(line)]
    near = _near(lines, nodes)
    titles = {one.span.start for top in nodes for one in top.walk() if one.title}
    for at, line in enumerate((*near, *lines)):
        beside = at < len(near) and line.start not in titles
        for key, said in _read(line, near=at < len(near), beside=beside).items():
            known = found.setdefault(key, said)
            if key == "desk" and _ANY_DESK.fullmatch(shadow(known)):
                proper = not _ANY_DESK.fullmatch(shadow(said))
                found[key] = said if proper or len(said) > len(known) else known
    desk = next((node for node in nodes if node.kind == "desk" and node.id[:1].isdigit()), None)
    return Contact(
        name=name,
        representative=found.get("representative", ""),
        address=found.get("address", ""),
        postal_code=found.get("postal_code", ""),
        desk=found.get("desk", ""),
        officer=found.get("officer", ""),
        phone=found.get("phone", ""),
        mail=found.get("mail", ""),
        url=found.get("url", ""),
        clause=desk.id if desk else "",
    )


def _pieces(line: Line) -> Iterator[Line]:
    """The rows of a table as `label: value`, and what stands beside each other behind labels apart."""
    if row := words.cells(line.text):
        said = ": ".join(filter(None, row))
        yield replace(line, text=said, shadow=shadow(said))
        return
    beside = (match.end() for match in _BESIDE.finditer(line.shadow))
    places = [0, *(at for at in beside if not _BOTH.search(line.shadow[:at]))]
    if len(line.shadow) < _SHORT and (address := _address(line.shadow)):
        places = sorted({*places, address[1]} - {len(line.shadow)})
    for at, end in zip(places, [*places[1:], len(line.text)], strict=True):
        said = line.text[at:end].strip(" \u3000/／|")
        yield line if len(places) == 1 else replace(line, text=said, shadow=shadow(said))


def _near(lines: Sequence[Line], nodes: Sequence[Node]) -> list[Line]:
    """The lines of the clauses that speak of the operator, found in one pass: no two clauses share a line.

    Those of the desk come first, whatever stands above them.
    """
    spans = sorted((n.span.start, n.span.end, n.kind in _DESKS) for n in nodes if n.kind in _NEAR)
    starts = [start for start, _, _ in spans]
    told = [
        (line, spans[at - 1][2])
        for line in lines
        if (at := bisect.bisect_right(starts, line.start)) and line.start < spans[at - 1][1]
    ]
    return [line for line, _ in sorted(told, key=lambda one: not one[1])]


def _read(line: Line, *, near: bool, beside: bool) -> dict[str, str]:
    """What one line says; `near` in a clause on the operator or its desk, `beside` where it is not its title."""
    if len(line.shadow) > 400:
        return {}
    seen, found = line.shadow, {}
    if (match := _HEAD.search(seen)) and not _OFFICER.search(seen):
        found["representative"] = line.text[match.start("name") : match.end("name")].strip()
    if match := _OFFICER.search(seen):
        found["officer"] = line.text[match.start("name") : match.end("name")].strip()
    if len(seen) < _SHORT:
        found |= _place(line)
    found |= _reach(seen)
    if not near:
        found.pop("url", None)  # the page of a tool, or of a law
    told = ("。" not in seen or bool(_PHONE.search(seen))) and "officer" not in found
    if len(seen) < _SHORT and told and (name := _behind_label(line)):
        found["desk"] = name
    elif len(seen) < _SHORT and told and (match := _DESK.search(_outside(seen))):
        name = line.text[match.start(1) : match.end(1)].strip()
        # A heading names no desk, unless the company stands before it.
        said = shadow(name)
        named = beside and not line.level and said == seen.strip() and "個人情報" in said
        heading = _ANY_DESK.fullmatch(said) and not (named or _NAMED_DESK.search(said))
        if not heading or operators.COMPANY.search(seen[: match.start(1)]):
            found["desk"] = name
    elif near and not line.level and (match := _UNIT.fullmatch(seen.strip())):
        found["desk"] = match["name"]
    return found


def _behind_label(line: Line) -> str:
    """The desk that stands behind a label; empty where a way to reach it stands there."""
    if not (match := _AT_LABEL.match(line.shadow)):
        return ""
    start, end = match.span("name")
    if cut := _DESK_ENDS.search(line.shadow, start):
        end = cut.start()
    said = line.shadow[start:end].strip()
    company = operators.COMPANY.match(said)
    if company and company.end() < len(said):
        start += len(line.shadow[start:end]) - len(line.shadow[start:end].lstrip()) + company.end()
        said = line.shadow[start:end].strip()
    return line.text[start:end].strip() if _IS_DESK.fullmatch(said) else ""


def _outside(seen: str) -> str:
    """A line with its address blanked, sign for sign: a desk's name stands beside it."""
    if not (found := _address(seen)):
        return seen
    start, end = found
    return f"{seen[:start]}{' ' * (end - start)}{seen[end:]}"


def _address(seen: str) -> tuple[int, int] | None:
    """Where an address begins and ends in a line."""
    if not (match := _PLACE.search(seen)):
        return None
    place = match[0]
    if seen[match.end() :][:1] == "@":  # the name of a mailbox stands behind it
        place = place[: max(place.rfind(" "), place.rfind(":"), 1)]
    cut = _PLACE_ENDS.search(place)
    place = (place[: cut.start()] if cut else place).rstrip(" ,/")
    return match.start(), match.start() + len(place)


def _place(line: Line) -> dict[str, str]:
    """The address and the postal code of a line."""
    seen, found = line.shadow, {}
    if not _LOCAL.search(seen) and (post := _POST.search(seen)) and post[1] != "000-0000":
        found["postal_code"] = post[1]
    bare = _POST.sub(lambda post: " " * len(post[0]), seen)
    if address := _address(bare):
        said = line.text[slice(*address)]
        found["address"] = re.sub(r"[\s\u3000]{2,}", " ", said).strip()
    elif match := _LABELLED.search(bare) or _ALONE.fullmatch(bare.strip(" -・")):
        found["address"] = match["place"]
    return found


def _reach(seen: str) -> dict[str, str]:
    """The telephone, mail and page of a line."""
    found: dict[str, str] = {}
    for match in _PHONE.finditer(seen):
        if not _FAX.search(seen[: match.start()]):
            plus = "+" if seen[: match.start()].endswith("+") else ""
            found.setdefault("phone", plus + (match[1] if plus else re.sub(r"\s", "", match[1])))
    other = _LOCAL.search(seen) or _KANJI_PHONE.search(seen)
    if other and len(seen) < _SHORT:
        found.setdefault("phone", other[1].translate(_KANJI))
    if (mail := _MAIL.search(seen)) and not _NO_MAIL.match(mail[0]):
        found["mail"] = _AT.sub("@", mail[0])
    if page := next((m for m in _URL.finditer(seen) if not _FORM.search(m[0])), None):
        found["url"] = page[0]
    return found
