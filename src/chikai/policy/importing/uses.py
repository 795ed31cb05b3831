"""What a sentence says that data are used for: the parts of what stands before `のために利用します` and its like.

What is said of third parties, of processed data or of a refusal names no purpose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import contents, enumerations, words
from chikai.policy.importing.lines import shadow

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRY: Final = re.compile(
    r"(?:ため|ための?|為|目的|こと|業務|対応|連絡|提供|改善|事務|管理|案内|通知|確認|実施|開発|配信|分析|請求|処理|運営|送付|回答|その他[^。]*)(?:\([^()]*\))?[。、;.]?$"
)
_FOR: Final = re.compile(
    r"(?P<what>[^。]{2,300}?)(?P<for>(?:する|の)?(?:ため|為)(?:(?:だけ|のみ)?に|のみ|、|(?=利用|使用|活用)|の(?:連絡|範囲|み|目的))|(?:を|の|する)?目的(?:に(?=利用|使用)|で|として|と(?:し|する)|のため|のみ)|(?:する)?(?:場合|際|とき)(?:に|にのみ|のみ)(?=、?(?:利用|使用|活用)))"
    r"(?P<rest>[^。]*)"
)
USES: Final = re.compile(
    r"(?:利用|使用|活用|取得|収集|お預かり|取り?扱|用い|使[いうわ]|役立て|[活生]かし|お伺い|ご?提供(?:いただ|をお願))"
)
REFUSED: Final = re.compile(
    r"(?:ません|しない|ことはない|禁止|ありません)(?:もの|。|$)|範囲を超え|目的外|目的以外|利用目的の(?:達成|範囲|変更)|"
    r"範囲内|第三者(?!の(?:商品|サービス|製品|広告|宣伝|キャンペーン|イベント))|匿名加工|措置を|体制|監督|マネジメント|改ざん|漏え?い|漏洩|法令の?遵守"
)
_WILL: Final = re.compile(
    r"(?P<what>[^。]{2,300}?)(?:だけに|のみに|(?:等|など)?についても|に|として|等に|などに|(?:に|ために)必要な範囲(?:内)?(?:で|に))(?:のみ|限り|だけ|、)*(?:、)?(?:個人情報[^。、]{0,10}を)?(?:(?:利用|使用|活用)(?:し|いた|させ|する|致)|使(?:い|う|わせ)|役立て|[活生]かし)"
)
_IS: Final = re.compile(
    r"(?:目的|用途)(?:は|としては)、?(?P<what>[^。]{2,400}?)(?:のため|ため|目的)?(?:です|である|とします|といたします|となります|になります|でございます|に限ります)。?$"
)
_TOPIC: Final = re.compile(
    r"^.*?(?:個人情報|利用者情報|お?客様情報|ユーザー情報|パーソナルデータ|個人データ|これらの情報|(?:取得|収集|提供|お預かり|登録|入力|いただ|得た)[^、。]{0,16}情報|(?:前[条項]|上記|[^、。]{0,12}?)の情報|これら|それら|内容|アドレス)(?:等|など)?(?:・+)?(?:については|につきましては|に関しては|は|を)[、,]?"
)
_PARTY: Final = re.compile(
    r"^(?:なお|また|さらに|ただし)?、?(?:当社|弊社|当店|当院|当法人|当会|当サイト|当方|当[^はが、。]{1,8}|本学|本会|本サービス|私たち|[^、。は]{2,16}(?:株式会社|会社|法人)|株式会社[^、。は]{1,12})(?:で)?は、?"
)
_ADDS: Final = re.compile(r"(?:また|なお|さらに|このほか|そのほか|加えて)、")
# `ご希望のお客様には`
_FOR_WHOM: Final = re.compile(
    r"^[^、。をが]{0,24}(?:方|様|会員|者|皆さま|皆さん)(?:に対し)?(?:には|に|へは)、?(?=.)"
)
_NEEDS: Final = re.compile(
    r"(?P<what>[^。]{2,120}?)に必要な[^。、]{0,16}(?:個人)?情報を[^。、]{0,12}(?:(?:取得|収集)し、?)?(?:利用|使用)(?:し|いた|させ|する)"
)
# `商品の発送以外には利用しません`
_ONLY: Final = re.compile(
    r"(?P<what>[^。]{2,160}?)(?:の(?:ため|目的))?以外(?:の(?:目的|用途|こと))?(?:に|で)?(?:は|も)?、?[^。、]{0,10}?(?:利用|使用|使い|使う)[^。]{0,14}(?:ません|ない)。?$"
)
# `収集した個人情報は、お問い合わせへの対応に必要です`
_NEEDED: Final = re.compile(
    r"[^。、]{0,24}(?:情報|データ)は、(?P<what>[^。]{4,200}?)(?:のため)?に必要(?:です|なものです|となります)。?$"
)
_VERB: Final = re.compile(
    r"^[^。]{0,80}?(?:(?:利用|使用|活用|取得|収集|お預かり|取り?扱|用い)(?:し|いた|させ|する|致|い(?:ま|る)|られ|を)|使(?:い|う|わせ|って))"
)
_NO_DATA: Final = re.compile(
    r"(?:サービス|ツール|cookie|クッキー|サーバー?|システム|技術|タグ)[^。、]{0,12}を[^。]{0,16}(?:利用|使用)|目的を(?:明確|特定|できる)|措置|体制",
    re.IGNORECASE,
)
_DATA: Final = re.compile(r"情報|データ(?!ベース|センター)|アドレス|氏名|履歴")
# `目的は、関連性のある範囲で変更するものとします`
_CHANGES: Final = re.compile("(?:変更|追加|見直)(?:する|し|され|でき)")
# `利用目的で`, `その目的で` name no purpose.
_BARE: Final = re.compile(
    r"(?:利用|使用|事業|その|この|当該|上記|特定|収集|取得|業務|以下の?|次の?|下記[の表]?|下表|次表|明示した|公表した|定め[るた]?|記載の|掲げる|示す|以外の?|[0-9])$|ない$"
)
_EMPTY: Final = re.compile(
    r"^.*目的の(?:達成|遂行)$|^(?:以下|次|下記)のこと$|^(?:主として)?(?:当該|当社の?|その)?業務(?:の)?(?:遂行|運営)(?:上)?$|^(?:[それこ]れら?以外|他|ほか|利用|使用|その|当該|上記|下記|以下|次|特定した|本人|同意|これら|それ|当初|あらかじめ|予め|個人情報|明示した|公表した|収集|取得|業務|必要な?)?(?:の|に)?(?:利用|使用|収集)?(?:目的|範囲|とおり|通り|場合|参考)?(?:の(?:ため|達成|遂行))?$|(?:利用|使用|収集|取得)(?:の)?目的(?:を|は)(?:明確|特定|限定|定め|明示|通知|公表|でき|あらかじめ|予め)"
)
_EMPTY_ONLY: Final = re.compile(
    r"目的$|(?:これ|それ|これら|それら|上記|下記|以下|本人|同意|場合|範囲|規定|左記|その他)(?:の)?$|同意|法令|第三者(?!の(?:商品|サービス|製品|広告|宣伝|キャンペーン|イベント))"
)
# How something is done says not what it is done for: `法令を遵守し、`.
# What is done first says not what for: `統計を作成し、サービスの改善に利用します`.
_DONE: Final = re.compile(r".*を[^、。を]{1,12}(?:し|して|した上で|いたし)、")
# `アンケートの結果をサービスの向上に役立てます`
_RESULT: Final = re.compile(
    r"[^、。を]{0,24}(?:結果|内容|ご?意見|声|履歴|状況)を、?(?=[^をに]{2,})"
)
# `職歴を採用選考のために、住所をご連絡のために利用します`
_EACH: Final = re.compile(
    r"(?P<data>[^。を]{1,120})を(?P<what>[^をにはが。、]{2,30})のため(?:に、?|、)(?=[^。])"
)
# `氏名、住所及び電話番号を、商品の発送のために利用します`
_OBJECT: Final = re.compile(r"(?P<what>[^。をは]{2,120})を、?")
_PARTED: Final = re.compile(r"(?:[、。,;]|及び|および|又は|または|並びに|ため|こと)\s*$")
_TOGETHER: Final = re.compile(
    r"(?:(?:する)?(?:こと)?を?目的(?:と|で|に|の)|(?:の|する)?ため(?:に|、)|に)[^。]{0,40}(?:利用|使用|活用|取得|収集)"
)
# `下記表の目的のために利用します` announces them and names none.
_BELOW: Final = re.compile(
    r"(?:以下|次|下記|下表|次表)(?:の?表)?(?:の|に(?:示す|掲げる|定める|記載する))(?:利用)?目的(?:の(?:ため|み|範囲))"
)
_MANNER: Final = re.compile(
    r"(?:を(?:遵守|順守|守)[しり]|に(?:従い|基づき|則り|のっとり|応じて?|よって?り?)|を(?:得て|得た上で|受けて)|[たの](?:うえ|上)で|範囲(?:内)?(?:で|において))$"
)


def named(sentence: str, *, inside: bool) -> Iterator[str]:
    """The uses that a sentence names; `inside` a clause of purposes fewer words say so."""
    if len(sentence) > words.LONGEST:
        return
    seen = words.masked(sentence)
    if _BELOW.search(seen):
        return
    if re.search(
        r"(?:以下|次|下記)の(?:目的|とおり|通り|各号|業務を(?:遂行|行))", seen
    ) and not re.search(r"ため", seen):
        return
    match = _IS.search(seen) if inside else None
    if match and not REFUSED.search(match["what"]) and not _CHANGES.search(match["what"]):
        yield from _split(sentence, seen, match.start("what"), match.end("what"))
        return
    if needed := _NEEDED.match(seen):
        yield from _split(sentence, seen, needed.start("what"), needed.end("what"))
        return
    if not USES.search(seen) and not (inside and ENTRY.search(seen)):
        return
    if (only := _ONLY.match(seen)) and inside and not _FOR.match(seen):
        if not _EMPTY_ONLY.search(only["what"]):
            yield from _split(sentence, seen, only.start("what"), only.end("what"))
        return
    if re.search(r"(?:ません|しない|ありません|禁止)(?:もの[^。]*)?。?$", seen) and not re.search(
        r"(?:(?:利用|使用)(?:し|いたし|致し|させていただ|する)|使い)[^。、]{0,10}、", seen
    ):
        return
    if inside and (each := _each(seen)):
        for start, end in each:
            yield from _split(sentence, seen, start, end)
        return
    if inside and (counted := _counted(shadow(sentence))):
        yield from _split(sentence, seen, *counted)
        return
    if match := _first_for(seen, inside=inside):
        yield from _split(sentence, seen, match.start("what"), match.end("what"))
        return
    match = (_WILL.match(seen) if inside else None) or _NEEDS.match(seen)
    if match and not REFUSED.search(match["what"]):
        start = match.start("what")
        for pattern in (_ADDS, _DONE, _RESULT):
            if cut := pattern.match(match["what"], start - match.start("what")):
                start = match.start("what") + cut.end()
        yield from _split(sentence, seen, start, match.end("what"))
        return
    if inside and not match and re.search(r"(?:ため|為|(?<!利用)(?<!使用)目的)。?$", seen):
        yield sentence.rstrip("。")


def _each(seen: str) -> list[tuple[int, int]]:
    """The uses of a sentence that says of each kind of data what it is used for."""
    found = list(_EACH.finditer(seen))
    every = len(found) == len(re.findall("ため(?:に|、)", seen))
    if not every or not all(contents.named(one["data"]) for one in found):
        return []
    return [one.span("what") for one in found]


def _counted(seen: str) -> tuple[int, int] | None:
    """The uses that a sentence numbers: `(1)…ため、(2)…ことを目的とし、…利用します`."""
    marks = list(words.COUNTED.finditer(seen))
    apart = all(_PARTED.search(seen[: mark.start()][-8:]) for mark in marks[1:])
    end = _TOGETHER.search(seen, marks[-1].end()) if len(marks) > 1 and apart else None
    return (marks[0].start(), end.start()) if end else None


def _first_for(seen: str, *, inside: bool) -> re.Match[str] | None:
    """The first words that say what data are used for."""
    start = 0
    while match := _FOR.match(seen, start):
        what, rest = match["what"], match["rest"]
        used = _VERB.search(rest) and not _NO_DATA.search(rest)
        if (
            used
            and not _BARE.search(what)
            and not REFUSED.search(what[-60:])
            and (inside or _DATA.search(what + rest))
        ):
            return match
        start = match.start("rest")
    return None


def _split(sentence: str, seen: str, start: int, end: int) -> Iterator[str]:
    """The parts of what data are used for, without the party and the object of the sentence."""
    for pattern in (_ADDS, _PARTY, _TOPIC, _FOR_WHOM):
        if (cut := pattern.match(seen[start:end])) and cut.end() < end - start - 1:
            start += cut.end()
    if (what := _OBJECT.match(seen, start, end)) and _is_of_data(
        sentence[start : what.end("what")]
    ):
        start = what.end()
    if (role := seen.find("として、", start, end)) > start:
        end = role
    for part in words.dotted(words.parts(sentence[start:end], stubs=True)):
        clean = (
            re.sub(r"(?:等|など)?(?:の|する)?$", "", shadow(part))
            if not part.endswith("目的")
            else part
        )
        if shadow(part)[-1:] in "はがをも" or _MANNER.search(shadow(part)):
            continue
        if not _EMPTY.match(shadow(part)) and not _EMPTY.match(clean) and len(clean) > 1:
            yield re.sub(r"(?:など|等)$", "", part)


def _is_of_data(what: str) -> bool:
    """Whether words count data and nothing else, so that they are what is used: `お客様の氏名、住所`."""
    parts = enumerations.of_data(what)
    return len(parts) > 1 and all(contents.named(words.masked(part)) for part in parts)


def led(said: str) -> bool:
    """Whether a sentence names who uses what before it says what for."""
    topic = _TOPIC.match(said)
    return bool(_PARTY.match(said) or (topic and topic.end() <= said.find("ため")))
