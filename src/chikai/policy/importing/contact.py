"""Who answers for the data, as the text says it: name, representative, address, desk, officer, ways to reach them."""

from __future__ import annotations

import bisect
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import words
from chikai.policy.importing.lines import shadow
from chikai.policy.outline import Contact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.importing.lines import Line
    from chikai.policy.outline import Node

_FORM: Final = r"(?:株式会社|有限会社|合同会社|合資会社|(?:一般|公益)?(?:社団|財団)法人|医療法人(?:社団|財団)?|学校法人|社会福祉法人|(?:特定非営利活動|NPO)法人|協同組合|㈱|\(株\)|弁護士法人|税理士法人|独立行政法人)"
_COMPANY: Final = re.compile(
    rf"(?:{_FORM}\s?[一-龥](?=[はがを、])|{_FORM}\s?[^\s、。()「」:/【】]{{2,30}}?(?=[はがにをとのへ、。()\s:/「」【】]|$)|{_FORM}\s?[^\s、。()「」:/【】]{{1,30}}|[^\s、。()「」:/【】はがをに]{{1,30}}(?:\s[A-Za-z.&]+)*\s?{_FORM})"
)
_CALLED: Final = re.compile(
    r"(?:^|[。\n])\s*(?P<name>[^。、「」\n]{2,50}?)\s*[(](?:以下|これより|「)[^()]{0,6}「?(?:当[^」()]{1,8}|弊[社]|本会|本学|本法人|運営者|運営会社|事業者|サービス提供者|会社|私たち|管理者|提供者)"
)
_LABEL: Final = re.compile(
    r"^(?:社名|会社名|法人名|団体名|名称|事業者名?|事業者の(?:名称|氏名(?:又は|または)名称)|商号|屋号|運営(?:会社|者|元|団体)|医院名|店舗名|個人情報取扱事業者(?:の(?:名称|氏名(?:又は|または)名称))?)\s*[:\s]\s*(.{2,60})$"
)
_HEAD: Final = re.compile(
    r"(?<!副)(?:代表(?:取締役(?:社長|会長)?(?:\s*兼\s*(?:CEO|COO|社長|会長))?|執行役員?|社員|理事|者(?:の?氏?名)?)?|理事長|院長|学長|校長|園長|会長|社長|市長|町長|村長)"
    r"(?:\s*[:]\s*|\s+)(?:代表取締役(?:社長|会長)?\s*|代表社員\s*|理事長\s*|院長\s*)?(?P<name>[一-龥々ヶ髙﨑ぁ-んァ-ヶー]{1,6}(?:[\s・][一-龥々ぁ-んァ-ヶー]{1,8})?|[A-Z][A-Za-z.]+(?:\s[A-Z][A-Za-z.]+)+)(?=$|[\s、。()/])"
)
_OFFICER: Final = re.compile(
    r"(?:個人情報(?:の)?(?:保護)?(?:総括|統括)?(?:管理)?(?:責任者|管理者)|保護管理者|管理責任者)(?:\([^()]*\))?\s*(?:[:]|\s|は、?)\s*(?P<name>[^。、]{2,40}?)(?=$|[。、]|\s+(?:連絡先|電話|TEL|FAX|メール|E-?mail|住所)|\s*/)"
)
_BESIDE: Final = re.compile(r"\s*[/|]\s*(?=[^\s:/|]{2,12}:)")
_POST: Final = re.compile(r"(?:〒\s*)?(?<![0-9-])([0-9]{3}-[0-9]{4})(?![-0-9])")
_PLACE: Final = re.compile(
    r"(?:北海道|東京都|(?:京都|大阪)府|(?:[一-龥]{2,3})県|[一-龥ヶ]{1,5}[市区郡])[^。、:@]{1,30}?[0-9一二三四五六七八九十][^。@]{0,50}"
)
_PHONE: Final = re.compile(
    r"(?<![0-9-])(0[0-9]{1,4}\s?[-(]\s?[0-9]{1,4}\s?[-)]\s?[0-9]{3,4}|\(0[0-9]{1,4}\)\s?[0-9]{1,4}-[0-9]{3,4}|0[0-9]{9,10})(?![0-9-])"
)
# A number with a label and without the first part, as a town prints it.
_LOCAL: Final = re.compile(
    r"(?:電話(?:番号)?|TEL)[^0-9]{0,8}([0-9]{2,4}-[0-9]{4})(?![-0-9])", re.IGNORECASE
)
_FAX: Final = re.compile(r"(?:FAX|ファクス|ファックス|ファクシミリ)[^0-9]{0,8}$", re.IGNORECASE)
_MAIL: Final = re.compile(
    r"[A-Za-z0-9._%+-]+\s?(?:@|\[at\]|\(at\)|☆|★|\[@\]|●)\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
_URL: Final = re.compile(r"https?://[^\s、。)」】>\"]+")
_DESK: Final = re.compile(
    r"(?:^|[:\s])([^\s。、:()【】]{0,24}(?:窓口|相談室|お客様センター|カスタマーサポート|サポートセンター|事務局|担当係?|相談係|総務部|管理部|お問い?合わ?せ先))(?=$|[\s:(【】])"
)

_NEAR: Final = frozenset({"desk", "complaint", "controller", "rights", "procedure", "scope"})
_LONGEST: Final = 1500
_OTHERS: Final = re.compile(
    r"日本情報経済社会推進協会|JIPDEC|保護委員会|認定個人情報保護団体|協会$"
)
_BARE: Final = re.compile(r"^[-・■●◆*\s]+")


def of(lines: Sequence[Line], nodes: Sequence[Node], title: str) -> Contact:
    """What the text says of the operator and its desk; a word is empty where it says nothing."""
    found: dict[str, str] = {}
    lines = [piece for line in lines for piece in _pieces(line)]
    near = _near(lines, nodes)
    for line in (*near, *lines):
        for key, said in _read(line).items():
            found.setdefault(key, said)
    name = operator(lines, title)
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
    places = [0, *(match.end() for match in _BESIDE.finditer(line.shadow))]
    for at, end in zip(places, [*places[1:], len(line.text)], strict=True):
        said = line.text[at:end].strip(" \u3000/／|")
        yield line if len(places) == 1 else replace(line, text=said, shadow=shadow(said))


def _near(lines: Sequence[Line], nodes: Sequence[Node]) -> list[Line]:
    """The lines of the clauses that speak of the operator, found in one pass: no two clauses share a line."""
    spans = sorted((node.span.start, node.span.end) for node in nodes if node.kind in _NEAR)
    starts = [start for start, _ in spans]
    return [
        line
        for line in lines
        if (at := bisect.bisect_right(starts, line.start)) and line.start < spans[at - 1][1]
    ]


def _read(line: Line) -> dict[str, str]:
    """What one line says."""
    if len(line.shadow) > 400:
        return {}
    seen, found = line.shadow, {}
    if (match := _HEAD.search(seen)) and not _OFFICER.search(seen):
        found["representative"] = line.text[match.start("name") : match.end("name")].strip()
    if match := _OFFICER.search(seen):
        found["officer"] = line.text[match.start("name") : match.end("name")].strip()
    short = len(seen) < 120
    local = _LOCAL.search(seen) if short else None
    if short and not local and (match := _POST.search(seen)):
        found["postal_code"] = match[1]
    if short and (match := _PLACE.search(_POST.sub("", seen))):
        found["address"] = re.sub(
            r"\s*(?:\[MAP\]|TEL.*|電話.*|FAX.*)$", "", match[0], flags=re.IGNORECASE
        ).strip()
    for match in _PHONE.finditer(seen):
        if not _FAX.search(seen[: match.start()]):
            found.setdefault("phone", re.sub(r"\s", "", match[1]))
    if local and "phone" not in found:
        found["phone"] = local[1]
    if match := _MAIL.search(seen):
        found["mail"] = re.sub(r"\s?(?:\[at\]|\(at\)|☆|★|\[@\]|●)\s?", "@", match[0])
    if match := _URL.search(seen):
        found["url"] = match[0]
    if len(seen) < 60 and "。" not in seen and (match := _DESK.search(seen)):
        found["desk"] = line.text[match.start(1) : match.end(1)].strip()
    return found


def operator(lines: Sequence[Line], title: str) -> str:
    """The operator's name: as the preamble calls it, after a label, or a line that is the name of a company."""
    for line in lines[:40]:
        if len(line.shadow) < _LONGEST and (match := _CALLED.search(line.shadow)):
            return _clean(line.text[match.start("name") : match.end("name")])
    for line in lines:
        if match := _LABEL.match(line.shadow):
            return line.text[match.start(1) : match.end(1)].strip()
    for line in lines:
        if _OTHERS.search(line.shadow):
            continue
        begins = _COMPANY.match(line.shadow, len(line.shadow) - len(_BARE.sub("", line.shadow)))
        if begins and len(line.shadow) <= 40 and "。" not in line.shadow:
            return line.text[begins.start() : begins.end()].strip()
    for text in (*(line.text[:_LONGEST] for line in lines[:12]), title):
        if match := _COMPANY.search(shadow(text)):
            return _clean(text[match.start() : match.end()])
    return ""


def _clean(name: str) -> str:
    return re.sub(r"^(?:なお|また|この|本ポリシーは|本方針は)", "", name).strip()
