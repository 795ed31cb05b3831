"""Where sentences end, which lines are headings, and which sentences announce a list."""

from __future__ import annotations

import re
from typing import Final

_STOPS: Final = re.compile(r"[。!?:;]$|[.](?<![0-9])$|[。.][)」』】]$")
_UNFINISHED: Final = re.compile(
    r"[、,・/~〜(「『【〔\[]$|(?:(?<!が)な|[のをにはがとへ]|って|っ|や|に関する|に対する|における|に係る|及び|および|又は|または|並びに|若しくは|もしくは|その他|かつ|あつ|並び|若し|及|又)$"
)
_FINISHED: Final = re.compile(
    r"(?:について|に関して|つきまして|にあたって|において|とは|のため(?:に)?|ように|とともに|ごとに|までに|以下のとおり(?:に)?|もの|こと|など|おそれ|ほか|いずれか)$"
)
# Signs that no line of its own begins with.
_AMID: Final = re.compile(
    r"[、。,.):;」』】〕・ーっゃゅょぁぃぅぇぉッャュョァィゥェォんン]|の(?![りしぼれ])|る(?!す)|れ(?![んい])|(?:[をがはにでへも](?![ぁ-ん]*(?:かか|関す)))|て[、いおも]|い(?:ます|ません|ました|たしま|ただきま)|(?:おり|あり|ござい)ま|ください|ます|ません|した|する(?!こと)|され|なる|なっ|れる|られ|ため(?:[のに]|。?$)|について(?!の)|に関し|による|により|こと[をがはに]|もの[をがはと]|など[のを]|場合[にはがを]|等[のを]|及び|又は|または[^、]"
)
# What is said of purposes or cases that stand below, but announces none of them.
_BEYOND: Final = re.compile(
    r"(?:以下|次|下記)の(?:利用)?目的(?:の)?(?:達成|以外|の?範囲を超え)[^。]*(?:ません|ない)"
)
_OPENING: Final = re.compile(
    r"^(?:当社|弊社|当店|当院|当法人|当会|当サイト|当学|本学|当園|当協会|当[一-龥ァ-ヶー]{1,8}(?=[はが])|私たち|わたしたち|本ポリシー|本サービス|(?:お客様|ユーザー|利用者)(?:は|が|に|の個人)|なお|また|ただし|但し|この|これら|その|ここで|個人情報(?:と|を|は|の取)|法令)"
)
_ADDS: Final = re.compile(r"^(?:また|なお|さらに|加えて|あわせて|併せて|このほか|そのほか)、?")
_BEGUN: Final = re.compile(
    r"(?:なお|また|ただし|但し|さらに|加えて|あわせて|併せて|もっとも|したがって|従って|そのため|(?:この|その)(?:場合|際|ほか|他)|(?:[^。]{2,40}(?:ほか|場合|とき|際)、)?[^、。]{2,16}(?:は|が|においては|に関しては|につきましては))、"
)
_CLOSES: Final = re.compile(
    r"(?:ます|ません|です|ください|とする|ものとする|しない|ある|ない|する|せん|した|こと)。?$"
)


def stops(shadow: str) -> bool:
    """Whether a line ends a sentence."""
    return bool(_STOPS.search(shadow))


def finished(shadow: str) -> bool:
    """Whether a line ends as a heading or an entry may, though in a particle."""
    return bool(_FINISHED.search(shadow))


def unfinished(shadow: str) -> bool:
    """Whether a line ends where no sentence, heading or item can end."""
    if _FINISHED.search(shadow):
        return False
    return bool(_UNFINISHED.search(shadow)) or _open_bracket(shadow)


# No heading and no entry ends in a particle behind a noun, however short the line.
_HANGS: Final = re.compile(
    r"[^ぁ-ん、](?:[のをが]|および|又は|または|及び|並びに|ならびに)$|[(「『【]$"
)
# No line begins so, whatever ended the one before.
_NEVER: Final = re.compile(
    r"[、。):;」』】をん]|ー(?!ー)|[ぁぃぅぇぉっゃゅょァィゥェォッャュョ]|[はがもにでと]、|ら(?![くんっー])|る(?![すー])|れ(?![んいきっ])"
)


def never_begins(shadow: str) -> bool:
    """Whether no line begins so."""
    return bool(_NEVER.match(shadow))


def hangs(shadow: str) -> bool:
    """Whether a line ends so that even a short one must go on."""
    return bool(_HANGS.search(shadow))


def amid(shadow: str) -> bool:
    """Whether a line begins where no sentence, heading or item can begin."""
    return bool(_AMID.match(shadow))


def _open_bracket(shadow: str) -> bool:
    return any(shadow.count(a) > shadow.count(b) for a, b in ("()", "「」", "『』", "【】"))


def announces(shadow: str) -> bool:
    """Whether the last sentence of a text announces a list that follows."""
    last = re.split(r"。(?!\s*$)", shadow.rstrip()[-200:])[-1][-160:]
    if _BEYOND.search(last):
        return False
    if re.search(r"(?:以下|次|下記|後記|下表|次表|左記)(?:の|に|で|、|と|:|各号|$)", last):
        return not re.search(r"以下「|以下『|\(以下[、]?(?:総称|単に|あわせ|本)?", last) or bool(
            re.search(r"(?:以下|次|下記)(?:の|に)", last)
        )
    return bool(re.search(r"(?:[:]|とおりです。?|通りです。?)$", last))


def begun(shadow: str) -> bool:
    """Whether a line begins a sentence that it does not end: `ただし、法令上の同`."""
    return bool(_BEGUN.match(shadow)) and not stops(shadow)


def title_like(shadow: str) -> bool:
    """Whether a line may be a heading: short, and no sentence."""
    if re.search(r"[a-z)][.;]$", shadow):
        return False
    if not shadow or _BEGUN.match(shadow) or len(shadow) > 60 or shadow.endswith(("。", "、", ",")):
        return False
    closes = _CLOSES.search(shadow) and not shadow.endswith("に関すること")
    if "。" in shadow or (closes and len(shadow) > 14):
        return False
    return not re.search(r"(?:以下|次|下記)の(?:とおり|通り|各号|場合|情報|目的)", shadow)


def closes(shadow: str) -> bool:
    """Whether a line ends as a sentence with a verb does."""
    return bool(_CLOSES.search(shadow)) and not shadow.endswith("こと")


# `前条の目的のため、次のことをお聞きします` announces data, whatever it is asked for.
_ASKS: Final = re.compile(
    r"(?:以下|次|下記)の(?:こと|もの|事項|内容)を[^。、]{0,16}(?:お?聞き|お?伺|うかが|お尋ね|取得|収集|お預かり|ご?記入|ご?入力|教えて)"
)


def asks(shadow: str) -> bool:
    """Whether a sentence asks for what the list below it counts."""
    return bool(_ASKS.search(shadow))


def opens(shadow: str) -> bool:
    """Whether a line begins as a sentence of prose does."""
    return bool(_OPENING.match(shadow))


def adds(shadow: str) -> bool:
    """Whether a line begins as a sentence does that adds to what was said before."""
    return bool(_ADDS.match(shadow))
