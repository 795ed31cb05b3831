"""The name of the company or body whose policy it is: as the preamble calls it, after a label, or in a signature.

What names nobody (`本サービス運営者`) is no name, and a particle ends one: `株式会社甲は次の` names `株式会社甲`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import sentences
from chikai.policy.importing.lines import shadow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.importing.lines import Line

FORM: Final = r"(?:株式会社|有限会社|合同会社|合資会社|(?:一般|公益)?(?:社団|財団)法人|医療法人(?:社団|財団)?|学校法人|社会福祉法人|宗教法人|(?:特定非営利活動|NPO)法人|協同組合|㈱|\(株\)|\(有\)|弁護士法人|税理士法人|司法書士法人|行政書士法人|社会保険労務士法人|監査法人|独立行政法人)"
COMPANY: Final = re.compile(
    rf"(?:{FORM}\s?[^\sぁ-ん、。()「」:/【】](?=[はがをにとのへ、])|{FORM}\s?[^\s、。()「」:/【】]{{2,30}}?(?=[はがにをとのへ、。()\s:/「」【】]|$)|{FORM}\s?[^\s、。()「」:/【】]{{1,30}}|(?<!た)(?![^\s、。]{{0,28}}ため)[^\s、。()「」:/【】はがをに]{{1,30}}(?:\s[A-Za-z.&]+)*\s?{FORM})"
)
_CALLED: Final = re.compile(
    r"(?:^|[。\n])\s*(?P<name>[^。、「」\n]{2,50}?)\s*[(](?:以下|これより|「)[^()]{0,6}「?(?:当[^」()]{1,8}|弊[社]|本会|本学|本法人|運営者|運営会社|事業者|サービス提供者|会社|私たち|管理者|提供者|[市町村区県府都](?=」))"
)
# `当支部（「甲乙連盟　丙支部」をいいます。）`, `当サロン「甲」（以下「当サロン」）`
_MEANT: Final = re.compile(
    r"(?:当社|当[^「」()、。はが]{1,8}|弊社|本会|本学)\s?[(]?「(?P<name>[^「」]{2,40})」(?:を(?:いい|指し)|\s?[(]以下)"
)
# Who calls itself `当社` or `当院` where a sentence begins.
_WE: Final = re.compile(
    r"(?:^|[。\n])\s*(?P<name>[^。、「」\n()]{2,50}?(?:「[^「」]{1,30}」)?)\s*[(](?:以下|これより)[^()「]{0,6}「?"
    r"(?:当(?!該|サイト|アプリ|ブログ|サービス|ウェブ|ページ|ホームページ)[一-龥ァ-ヶー]{1,6}|弊[社店会]|本[会学校園院館店]|本法人|私たち|わたしたち)"
)
# What a template leaves to be filled in: `〇〇株式会社`, `【会社名】`.
BLANK: Final = re.compile(
    r"[〇○●◯□■△×＊*＿_…]{2,}|[〇○●◯□△×](?=株式|会社|$)|(?<![A-Za-z])[xX]{2,}(?![A-Za-z])|[【\[{<].*[】\]}>]|(?:貴社|御社|弊社|自社)名|会社名$|要記入"
)
_LABEL: Final = re.compile(
    r"^[-・•■●◆*\s]*(?:社名|会社名|法人名|団体名|名称|事業者名?|事業者の(?:名称|氏名(?:又は|または)名称)|商号|屋号|運営(?:会社|者|元|団体)|医院名|店舗名|店名|施設名|学校名|園名|個人情報取扱事業者(?:の(?:名称|氏名(?:又は|または)名称))?)\s*(?:[:\s][\s*]*|(?=[A-Z]))([^\s*].{1,60})$"
)
# A line that is a company's name and nothing else: no particle ends `有限会社みなと`.
_WHOLE: Final = re.compile(
    rf"{FORM}\s?[^\s、。()「」:/【】]{{1,24}}(?<![はがをに])|[^\s、。()「」:/【】]{{1,24}}\s?{FORM}"
)
# Who signs for a company, behind its name on one line: `株式会社甲　代表取締役　山田太郎`.
_BY: Final = re.compile(
    r"\s{1,8}(?:代表(?:取締役|社員|理事|者)?|取締役|社長|理事長|個人情報\S{0,12}(?:窓口|担当|係|責任者|管理者)|お客様\S{0,8}(?:窓口|係))\S{0,12}(?:[\s:].{0,24})?$"
)
_OTHERS: Final = re.compile(
    r"日本情報経済社会推進協会|JIPDEC|保護委員会|認定個人情報保護団体|協会$"
)
_BARE: Final = re.compile(r"^[-・■●◆*\s]+")
# How the names of bodies end that bear no legal form.
BODY: Final = r"(?:会|連盟|協会|組合|クラブ|学園|大学|学院|高校|学校|幼稚園|保育園|こども園|病院|医院|クリニック|診療所|歯科|薬局|旅館|ホテル|事務所|商店|工房|本舗|農園|果樹園|役場|サロン|整体院|治療院|整骨院|教室|塾|スタジオ|グループ|商会|書店|支部|財団|社中)"
_SIGNED: Final = re.compile(
    rf"(?:[^\s、。:()「」0-9@]{{1,20}}\s)?(?:[^\s、。:()「」@]{{1,24}}{BODY}|(?:ホテル|旅館|クリニック|サロン|整体院|クラブ|スタジオ|カフェ|レストラン)[^\s、。:()「」をにはがの0-9@]{{1,12}})"
)
_SPEAKER: Final = rf"\s*(?P<name>{COMPANY.pattern}|[^\s、。「」()をにはがのでと]{{1,24}}(?:{BODY}|(?<=[一-龥ぁ-ん])[市区町村県寺](?=は|に|で|\s)))"
# Who speaks in the first sentence below a title, and who begins a policy without one.
_SPEAKS: Final = re.compile(rf"{_SPEAKER}(?:は|では)、?[^。]*個人情報")
_BEGINS: Final = re.compile(
    rf"{_SPEAKER}(?:は|では)、?(?=[^。]*個人情報)[^。]*(?:(?:以下|次|下記)の(?:とおり|通り|よう|方針|目的|プライバシー)|を定め|宣言)"
)
_TITLED: Final = re.compile(
    rf"{_SPEAKER}\s*(?:の|における|に関する)?\s*(?:個人情報|プライバシー|Privacy)", re.IGNORECASE
)
_TITLE: Final = 50
# `甲乙会は、…`, `甲乙会ホームページでの…` at the beginning of the text.
_SUBJECT: Final = re.compile(
    rf"^\s*(?P<name>[^\s、。「」()をにはがのでと]{{1,24}}{BODY})(?:は、|では、|は|(?:の)?(?:公式)?(?:ホームページ|ウェブサイト|サイト))|"
    r"^\s*(?P<other>[ァ-ヶーA-Za-zÀ-ÿ一-龥・&]{3,30}(?:\s[A-Z][A-Za-z]+)?)は、"
)
_WITH_HEAD: Final = re.compile(
    r"(?P<name>[^\s、。:()「」0-9@](?:[^、。:()「」@]{1,28}[^\s、。:()「」@])?)\s+(?:代表者?|店主|オーナー|主宰|塾長|院長|園長|館長|事業主|個人事業主)\s*:?\s*[一-龥々ぁ-んァ-ヶー]{1,6}(?:\s[一-龥々ぁ-んァ-ヶー]{1,6})?"
)
_NOBODY: Final = re.compile(
    r"^(?:当|弊|本|私|我|各|同|貴|皆|個人|お客|利用|会員|患者|ユーザ|プライバシ|Cookie|クッキー|サービス|ウェブ|ホームページ|アプリ|以下|第[0-9一二三]|法令|この|その|これ|次|上記|前)|(?:者|人|様|方|情報|ポリシー|方針|規[程約]|条|サービス|サイト|アプリ|データ|窓口|委員会)$"
)
_REACH: Final = re.compile(
    r"〒|TEL|電話|代表取締役|代表社員|理事長|@|[0-9]{2,4}-[0-9]{2,4}-[0-9]{4}", re.IGNORECASE
)
# `予約サイト「甲」（運営：株式会社乙）`: who runs what somebody else offers
_RUNS_ANOTHER: Final = re.compile(r"\((?:運営|提供|販売)(?:会社|元|者)?\s?:\s?$")
# `株式会社乙に委託します`, `株式会社乙から取得します`
_PARTNER: Final = re.compile(
    r"(?:に|へ)(?:対し)?[^。、]{0,16}(?:委託|提供|預託)|(?:から|より)[^。]{0,20}(?:取得|提供)"
)
_PREAMBLE: Final = 8
_SIGNATURE: Final = 14
_LONGEST: Final = 1500


def name(lines: Sequence[Line], title: str) -> str:
    """The operator's name; empty where the text does not say it."""
    return next((said for said in _readings(lines, title) if said and not BLANK.search(said)), "")


def declared(said: str, *, titled: bool) -> str:
    """The name that a line calls 当社, or below a title (`titled`) makes the subject of its first sentence."""
    if len(said) > _LONGEST:
        return ""
    match = _WE.search(said) or (_SPEAKS if titled else _BEGINS).match(said)
    return "" if match is None or _NOBODY.search(match["name"]) else match["name"].strip()


def titled(said: str) -> str:
    """The name that a title begins with: `学校法人見本学園　個人情報の取扱いについて`."""
    match = _TITLED.match(said) if len(said) <= _TITLE else None
    return "" if match is None or _NOBODY.search(match["name"]) else match["name"]


def words(name: str) -> list[str]:
    """The words of a name by which a text would call the same company again."""
    said = re.sub(rf"{FORM}|[「」『』()]|グループ$|ホールディングス$", " ", shadow(name))
    found = [word for one in said.split() for word in re.split(r"[・/]", one)]
    return [word for word in found if len(word) > 1] or [re.sub(r"\s", "", name)][: bool(name)]


def is_company(said: str) -> bool:
    """Whether a line is the name of a company and nothing else."""
    return bool(_WHOLE.fullmatch(_BARE.sub("", said).strip()))


def signed(lines: Sequence[Line]) -> str:
    """The name that stands alone on a line, or behind a label; empty where none does."""
    for line in lines:
        said = _BARE.sub("", line.shadow).strip()
        if len(said) > _TITLE or line.level or sentences.stops(said) or _OTHERS.search(said):
            continue
        if label := _LABEL.match(line.shadow):
            return label[1].strip()
        alone = _BY.sub("", said)
        if _WHOLE.fullmatch(alone):
            return alone
        if _SIGNED.fullmatch(said) and not _NOBODY.search(said):
            return said
    return ""


def _readings(lines: Sequence[Line], title: str) -> Iterator[str]:
    """What the ways to tell an operator say, the surest first."""
    first = [line for line in lines[:40] if len(line.shadow) < _LONGEST]
    for line in first:
        if (match := _CALLED.search(line.shadow)) and not _NOBODY.search(match["name"].strip()):
            yield _clean(line.text[match.start("name") : match.end("name")])
    for line in lines:
        if match := _LABEL.match(line.shadow):
            yield line.text[match.start(1) : match.end(1)].strip()
    yield from _companies(lines, title)
    for line in first:
        if match := _MEANT.search(line.shadow):
            yield line.text[match.start("name") : match.end("name")].strip()
    yield from _headed(lines)
    yield from _without_form(lines)


def _headed(lines: Sequence[Line]) -> Iterator[str]:
    """The trade name of a small business that stands before its head: `パン工房こむぎ　店主　小麦 花子`."""
    for line in lines:
        match = _WITH_HEAD.fullmatch(_BARE.sub("", line.shadow).strip())
        if match and not _NOBODY.search(match["name"]):
            yield match["name"]


def _companies(lines: Sequence[Line], title: str) -> Iterator[str]:
    """The names with a legal form: a line of its own first, then the first words of the text."""
    for line in _signed_first(lines):
        if _OTHERS.search(line.shadow):
            continue
        begins = COMPANY.match(line.shadow, len(line.shadow) - len(_BARE.sub("", line.shadow)))
        if _WHOLE.fullmatch(_BARE.sub("", line.shadow)):
            yield _BARE.sub("", line.text).strip()
        elif len(line.shadow) <= _TITLE and _WHOLE.fullmatch(
            alone := _BY.sub("", _BARE.sub("", line.shadow)).strip()
        ):
            yield _BARE.sub("", line.text).strip()[: len(alone)]
        if begins and len(line.shadow) <= 60 and "。" not in line.shadow:
            yield line.text[begins.start() : begins.end()].strip()
    for text in (*(line.text[:_LONGEST] for line in lines[:12]), title):
        said = shadow(text)
        for match in COMPANY.finditer(said):
            another = _RUNS_ANOTHER.search(said[: match.start()])
            if not (another or _PARTNER.match(said[match.end() : match.end() + 30])):
                yield _clean(text[match.start() : match.end()])
                break


def _signed_first(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines beside an address, a number or a head, as a signature has them, before all others."""
    near = {
        at + step
        for at, line in enumerate(lines)
        if _REACH.search(line.shadow)
        for step in range(-2, 3)
    }
    yield from (line for at, line in enumerate(lines) if at in near and "http" not in line.shadow)
    yield from (line for at, line in enumerate(lines) if at not in near)


def _without_form(lines: Sequence[Line]) -> Iterator[str]:
    """The names of bodies without a legal form: in the signature, or as the first subject of the text."""
    for line in lines[-_SIGNATURE:]:
        said = _BARE.sub("", line.shadow).strip()
        whole = len(said) <= 30 and not line.level and not sentences.stops(said)
        if whole and _SIGNED.fullmatch(said) and not _NOBODY.search(said):
            yield said
    for line in lines[:_PREAMBLE]:
        match = _SUBJECT.match(re.sub(r"\([^()]*\)", "", line.shadow[:60]))
        found = (match["name"] or match["other"]) if match else ""
        if found and not _NOBODY.search(found):
            yield line.text[line.shadow.index(found) :][: len(found)]


def _clean(said: str) -> str:
    said = re.sub(
        r"(?:及び|および|並びに|と)(?:その|当社の)?(?:グループ|関連|関係|子)会社.*$", "", said
    )
    said = re.sub(r"^.*(?:[をが](?:運営|経営)(?:する|している)|を営む)(?=.)", "", said)
    return re.sub(r"^(?:なお|また|この|(?:本|当)(?:ポリシー|方針|規約)は、?)", "", said).strip()
