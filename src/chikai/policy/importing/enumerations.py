"""The data that a sentence says are acquired: the words before what acquires them, part by part from the last one back.

A part that ends as no noun does, or that holds the end of an adjunct (`お申込みの際に`), is where the enumeration begins.
An enumeration counts where it holds words that name data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import contents, words
from chikai.policy.importing.lines import shadow

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD: Final = r"(?:情報|項目|データ|事項|もの|内容)"
GETS: Final = r"(?:取得|収集|集め|ご?提供(?!会社|先|者)|ご?登録|ご?入力|お預かり|保有|取り?扱|扱い|利用(?!者|規約|目的|でき)|お?伺|ご?記入|お?尋ね|お?聞き|受領|受け取|入手|ご?提出|任意に送信)"
_VERB: Final = (
    r"(?:取得|収集|集め|ご?提供(?!会社|先|者)|ご?登録|ご?入力|お?預か[りら]|預けて|保有|保存|保管|保持|蓄積|記録|録画|録音|撮影|把握|"
    r"取り?扱(?!説明)|として扱|(?:利用|使用)(?=し|いた|させ)(?!いただく(?:際|とき|方))|お?伺|うかが|ご?記入|ご?記載|お?尋ね|お?聞き|お?知らせ(?=くだ|いただ)|"
    r"お?教え|受領|受け取|入手|届け出|頂戴|控え|載せてい|ご?提出|ご?申告|送信(?=し|いた|され|する|を))"
)
# What is done with a thing that is no datum: `電話、メールを通じて`.
_MEANS: Final = (
    r"(?:通じ|通し|用い|使っ|介し|もっ|もと|経由|利用して|利用する際|使用して|希望|ご?覧)"
)
_OBJECT: Final = re.compile(
    rf"(?:[をも]、?(?!{_MEANS}|特定|識別|掲載)|について(?:は)?、?|に関して、?)(?:(?!ため|よう|場合)[^。、を]){{0,24}}?{_VERB}(?!する(?:ため|目的|よう))|"
    r"[をも]、?(?:いただ|頂)(?!く(?:場合|ため|際|とき)|いた)|"
    r"に、?アクセス(?:し|いた)|"
    r"(?<!情報)(?<!データ)を、?(?=[^。を]{2,80}?(?:ため|目的)(?:に|で|、)(?:のみ|だけ)?[^。、を]{0,8}(?:利用|使用)(?:し|いた|させ))|"
    r"を含(?:んで[いお]|みます)|"
    rf"を(?=、[^。を]{{2,60}}?(?:により|から|にて|を通じて|で){_VERB})|"
    rf"を(?=、[^。]{{2,60}}を[^。、を]{{0,12}}{_VERB})|"
    rf"の(?=ご(?:提供|登録|入力|記入|提出|連絡先)|(?:提供|登録|入力|記入|提出|送信)を(?:お願い|いただ|頂|求め|受け))|"
    r"が、?[^。、を]{0,40}?(?:(?:記録|保存|送信|取得|収集|蓄積|登録)され|送られ|必要(?!な)|含まれ|残り)|"
    r"は、「[^」]*」として[^。、]{0,24}(?:取得|収集)|(?:等|など)の[^。、]{0,16}情報は、"
)
# `位置情報は、…に限り取得し`
_TOPIC: Final = re.compile(
    r"は、?(?=[^。が]{0,60}?(?:取得|収集|記録|お預かり|保存)(?:し(?!ま?せん|ない|てい?ま?せん)|いた(?!しま?せん)|され(?!ま?せん|ない)|する(?!ことは)))"
)
_ARE: Final = re.compile(
    r"(?:情報|項目|データ|もの|事項)(?:は|には)、?(?:主に|例えば)?、?(?P<what>[^。]{4,300}?)(?:等|など)?(?:の情報)?(?:(?:だけ|のみ)|の[0-9一二三四五六七八九十]+(?:つ|点|項目|種類))?(?:です|であり|である|となります|になります|とします|とする|に限ります|が含まれます|を含みます)"
)
_USED: Final = re.compile(r"(?:利用|使用)(?:さ|し|いた|する)|ため")
# `カード情報は、決済会社が管理し`: data that others hold.
_WITH_OTHERS: Final = re.compile(
    r"^(?:なお|ただし|また)?、?[^。]{2,60}(?:情報|データ|番号)(?:等|など)?は、?[^。、]{0,24}(?:会社|事業者|業者|代行)[^。、]{0,8}(?:が|にて|で)[^。、]{0,12}(?:管理|保管|保持|取得|処理)"
)
_CALLED: Final = re.compile(r"\(以下、?「|」と総称")
_GIVEN_ARE: Final = re.compile(
    r"(?:記入|入力|提供|登録|取得|収集|お預かり|お伺い)(?:し|いただ[いき]|頂[いき]|され|する)(?:た|ました)?(?:お客様の|ご本人の)?(?P<what>[^。はを]{4,120}?)(?:等|など)?(?:の(?:個人)?情報)?は、"
)
_NEGATED: Final = re.compile(
    r"[^。、]{0,14}?(?:ません|しない|ない(?!場合があ|ことがあ)|ことはあり|なかった|を拒|[らせわ]ず[、に])"
)
# The end of an adjunct within a part; what says more of a noun (`に関する`, `での`) ends none.
_ADJUNCT: Final = re.compile(
    r"(?:際に?は?(?!の)|(?<![日同在])時に?は?(?![の間刻期])|(?:場合|とき|時点|中|上|うえ|度|ごと)(?:には|にも|では|は|に|で)|ため(?:に|、)|範囲(?:内)?(?:で|において)|"
    r"によ(?:り|って)|を通じて|を通して|を用いて|に応じて|にあたり?(?:って)?|に当たり?(?:って)?|に際し(?:て)?|に伴い|とともに|として|において|にて|利用中に|自動的に|直接|任意で|"
    r"もの|うち、?|から(?!の)|より(?!の)|(?<=[一-龥々ァ-ヶーA-Za-z0-9・まちんのとれ])が(?=[^な])|(?<!ま)(?<!も)は(?!がき)|"
    r"を(?![一-龥]{1,4}(?:する|した|でき)|示す|含む|認め|特定|識別|用い)|"
    r"に(?![一-龥]る|関|係|対|おけ|よる|基づ|記載|付随|含ま|準|類|必要な|お(?:い|け)|つい|とっ|な[りっる]|[一-龥]{1,4}(?:する|した|され))|"
    r"で(?![のきあす]|[一-龥]{1,4}(?:する|した|され)))"
)
# Words in which no noun ends.
_NO_NOUN: Final = re.compile(
    r"(?:限り|[うくすつぬむる]と|[はがをにでへも]|から|より|まで|して|した|いただき|頂き|し|て|ば|あたり|当たり|おり|伴い|応じ|際し|通じ|あわせ|基づき|つき|際|場合|とき|(?<![日同在])時|ため|都度|うえ|また|なお|さらに|ただし|例えば|主に|ます|です|こと|とともに|[業務]上|範囲内|以外)$"
)
_GIVEN: Final = re.compile(
    r"^(?:[^、]{1,16}に(?:記載(?:され|し|いただい)た|含まれる)|(?:うかが|お?伺い?)(?:う|った|いした|する)|(?:[^、]{0,16}?が)?(?:お預かり|ご?提供|取得|収集|ご?登録|ご?入力|ご?記入|保有|使用|設定|送信|投稿(?=され|した)|(?:[^、]{0,16}で)?(?:知り)?得(?=た|られ))(?:られる?|し|いただ[きくい]|頂[きくい]|され|する)?(?:た|ました|ている|ます)?)(?=[^、のすしさいにをはがで])"
)
_OWNER: Final = re.compile(
    r"^(?:お客様|お客さま|ご?本人|患者(?:様|さま|さん)?|ご?利用者(?:様|さま)?|ユーザー(?:様|さま)?|会員(?:様|さま)?|受講(?:者|生)(?:様|さま)?|皆様|皆さま|あなた)の(?=.)"
)
_TAIL: Final = re.compile(
    rf"(?:等|など|その他)(?:の)?(?P<rest>[^、。]{{0,40}})$|(?:といった|のような)(?P<kind>[^、。]{{0,24}}{WORD})$"
)
_OCCASION: Final = re.compile(r"(?:時|際|場合|とき)\(([^()]*、[^()]*)\)$")
# `メールマガジンのご登録時`
_WHEN: Final = re.compile(r"(?:登録|申し?込み?|利用|回答|入力|契約|購入|来店|応募)時(?:等|など)?$")
# `氏名、電話番号を掲載した名簿`: what a roll of names holds is not acquired with it.
_ROLL: Final = re.compile(r"を掲載した[^。、]{0,8}(?:名簿|一覧|冊子|名鑑|リスト)")
# `収集した個人情報は、お問い合わせへの対応に必要です`
_NEEDED: Final = re.compile(r"に必要(?:です|なものです|となります)。?$")
# `解析ツールを使用して利用状況を把握しています`: what a tool shows in sum is no datum of a person's.
_TOOL: Final = re.compile(
    r"(?:ツール|サービス|解析|アナリティクス|Analytics|[A-Za-z]{4,})(?:など|等)?を(?:利用|使用|導入|用い)",
    re.IGNORECASE,
)
_ONLY_COOKIE: Final = re.compile(r"(?:cookie|クッキー)(?:\([^()]*\))?(?:等|など)?", re.IGNORECASE)
_IN_SUM: Final = re.compile(
    r"(?:利用|訪問|閲覧|アクセス)(?:状況|動向|傾向)(?:の情報|に関する情報)?$"
)
_APART_CASE: Final = re.compile(r"第三者|委託|請求|開示")
_DETAIL: Final = re.compile(
    r"(?:(?:個人|お?客様|利用者|ユーザー|会員|登録|本人|特定)(?:情報|データ)|(?:提供|入力|登録|記入)(?:いただ[いく]|され|し)た?情報)\((?P<what>[^()]{4,300})\)"
)
# What every copy of one widespread text says of data from partners, which is one item.
_DEALINGS: Final = re.compile(
    r"(?:ユーザー|利用者|お客様|会員)の個人情報を含む[^。、,]{2,24}に関する情報"
)
_DEFINES: Final = re.compile(r"(?<!こ)とは、?|とは「|をいい|を指し|を(?:いう|指す)")
_DENIED: Final = re.compile(
    r"^(?!.*(?:利用|使用|取得|収集|提供|保存|記録)(?:いたし|致し|し|され)(?:ますが)?、).*(?:ません|しない|ありません|ことはない)(?:もの[^。]*)?。?$|^(?:これら|各|上記)[^、。]{0,16}(?:サービス|事業者|会社|API)[^、。]{0,8}(?<!で)は、|本?(?:ポリシー|方針|規程|規約)に(?:従|基づ|則)[^。]{0,12}取り?扱|第三者(?:に|へ)|開示(?!を認)|(?<!資料)(?<!カタログ)請求(?!先|書)|委託(?!を受け)|訂正|漏|不正"
)
_GENERIC: Final = re.compile(
    r"(?:また|なお|さらに|及び|および|お客様の|ご本人の|その|当該|必要な|次の|以下の|これらの|関連する)?(?:個人(?:を特定できる)?|お客様|利用者|ユーザー|会員|登録)?(?:情報|データ)?|その他|要配慮個人情報|個人情報等?|[^、]*(?:様|さま|方|者|員|先|人)(?:等|など)?の個人(?:情報|データ)|(?:登録|入力|送信)内容"
)
_OTHER: Final = re.compile(
    r"(?<![、。,])その他(?=[^の]|の(?![^、。]{0,6}(?:方法|手段|方))[^、。]{0,24}(?:情報|データ|事項|項目|内容))"
)
_APPOSED: Final = re.compile(r"(?:情報|データ|もの)(?:\([^()]*\))?$")
_BROKEN: Final = re.compile(
    r"^(?:[はがをにへとでもし]|以下|それ|これ)|(?:して|により|[がはをに]|では|において|ており|する|いただく|上で|場合)$|目的を"
)
_PERSONS: Final = re.compile(r"(?:様|さま|方|者|員|先|主|客|生徒?|ユーザー|スタッフ)$")
_NO_DATA: Final = (
    "サービス",
    "商品",
    "製品",
    "業務",
    "利用目的",
    "使用目的",
    "同意",
    "承諾",
    "許諾",
    "フォーム",
    "サイト",
    "アプリ",
    "措置",
    "手続",
    "方法",
    "サーバー",
    "サーバ",
)
# How words end that name data beside words that surely do.
_LIKE: Final = re.compile(
    r"(?:名|番号|日時?|時刻|履歴|記録|歴|ログ|ID|URL|コード|バージョン|内容|状況|属性|[件席人回個歩]?数|量|額|値|情報|データ|写真|書)$"
)
_COMPANY: Final = re.compile(r"(?:株式|合同|有限)会社|法人")
_WRITTEN_IN: Final = re.compile(
    r"に(?:記載|記入|記録|入力)(?:され|し|いただい)[^、]{0,8}(?:情報|内容|事項)$"
)
_JOINED: Final = re.compile(r"(?<!\s)\s*(?:及び|および|や|又は|または|並びに)\s*")
# What brackets say that counts no data.
_ASIDE: Final = re.compile(
    r"ください|について|。|除[きく]|(?:以下|含み|いい|指し)(?:、|ます)|参照|ただし"
)
# `個人を識別する情報は含まれませんが、閲覧ページなどの情報が含まれます`
_BUT: Final = re.compile(r"[^。]{4,200}(?:ません|ない)(?:もの)?(?:の|が)、")
# `IPアドレス等の情報を含んでいますが、個人を特定できる情報は含まれておりません`
_BUT_NOT: Final = re.compile(
    r"[^。]{6,300}(?:含[みん]|含まれ|取得|収集|記録|保存)[^。、]{0,8}ます(?=が、[^。]*(?:ません|ない)(?:もの[^。]*)?。?$)"
)
_QUOTED: Final = re.compile("(?:「[^「」]{1,20}」[、・]?){2,}")
_SUMMED_UP: Final = re.compile(r"(?:等|など)の?$")
_OF_ALL: Final = re.compile(r"[・･][^・･]*(?:等|など)の[^・･]*(?:情報|データ|連絡先|履歴)$")
# `LINE上の**表示名`, `アイコン画像**`: one part of what Markdown sets in bold
_STRONG: Final = re.compile(r"\*\*\s*$|^.*\*\*(?=[^*]+(?:\*\*\s*)?$)")
_FEW: Final = 24


def named(sentence: str) -> list[str]:
    """The data that a sentence says are acquired."""
    if len(sentence) > words.LONGEST:
        return []
    sentence = _unquoted(sentence)
    if denied := _BUT.match(shadow(sentence)):
        sentence = sentence[denied.end() :]
    if but := _BUT_NOT.match(shadow(sentence)):
        sentence = sentence[: but.end()]
    seen = words.masked(sentence)
    if (found := occasion(sentence)) and not _APART_CASE.search(seen):
        return found
    if _WHEN.search(seen) or _NEEDED.search(seen) or _ROLL.search(seen):
        return []
    are = _ARE.search(seen)
    said = seen[: are.end()] if are and not _USED.search(are["what"]) else seen
    if _DENIED.search(said) or _DEFINES.search(seen) or _WITH_OTHERS.search(seen):
        return []
    detail = _DETAIL.search(shadow(sentence))
    if detail and contents.named(detail["what"]) and not _ASIDE.search(detail["what"]):
        inner = words.parts(sentence[detail.start("what") : detail.end("what")])
        if len(inner) > 1:
            return [_bare(part) for part in inner]
    for pattern in (_ARE, _GIVEN_ARE):
        if match := pattern.search(seen):
            what = sentence[match.start("what") : match.end("what")]
            inner = _before(what) or enumerated(what)
            if sum(map(known, inner)) * 3 >= len(inner) * 2 and len(inner) > 1:
                return inner
    found = list(_acquired(sentence, seen))
    tooled = len(found) == 1 and _TOOL.search(seen) and _IN_SUM.search(found[0])
    if tooled or (
        len(found) == 1 and _ONLY_COOKIE.fullmatch(shadow(found[0])) and _USED.search(said)
    ):
        return []
    return found


def _unquoted(sentence: str) -> str:
    """The sentence without the quotes around each part of `「氏名」「住所」`, sign for sign."""
    return _QUOTED.sub(
        lambda run: (
            run[0].replace("」「", "、 ").replace("「", " ").replace("」", " ")
            if all(map(known, re.findall("[^「」、・]+", run[0])))
            else run[0]
        ),
        sentence,
    )


def occasion(sentence: str) -> list[str]:
    """The data in `ご登録の際（氏名、住所）`."""
    found = _OCCASION.search(shadow(sentence).strip("。 "))
    return of_data(sentence[found.start(1) : found.end(1)]) if found else []


def _acquired(sentence: str, seen: str) -> Iterator[str]:
    start = 0
    if deal := _DEALINGS.search(seen):
        sentence, seen = (
            s[: deal.start()] + "、" * (deal.end() - deal.start()) + s[deal.end() :]
            for s in (sentence, seen)
        )
        yield deal[0]
    none = True
    for match in _OBJECT.finditer(seen):
        if not _NEGATED.match(seen, match.end()):
            found = _before(sentence[start : match.start()])
            none = none and not found
            yield from found
        start = match.end()
    if none and (topic := _TOPIC.search(seen)):
        found = _before(sentence[: topic.start()])
        sure = sum(contents.named(words.masked(one)) for one in found)
        if found and (sure == len(found) or (sure > 1 and sure * 3 >= len(found) * 2)):
            yield from found


def _before(what: str) -> list[str]:
    """The enumeration at the end of some words; empty where they name no data."""
    found: list[str] = []
    parts = words.parts(_OTHER.sub("、その他", what))
    for at in range(len(parts) - 1, -1, -1):
        part, seen = parts[at], words.masked(parts[at])
        if found and _NO_NOUN.search(seen):
            break
        if seen.startswith("その他"):
            found.append(part)
            continue
        cut = max((m.end() for m in _ADJUNCT.finditer(seen) if m.end() < len(seen)), default=0)
        found.append(_without_giver(part[cut:].strip()) if cut else part)
        # `氏名、住所など、必要な範囲で個人情報`: the word for all of them stands behind.
        besides = at and parts[at - 1].endswith(("のほか", "に加え", "に加えて"))
        if cut and not besides and not (len(found) == 1 and _GENERIC.fullmatch(seen[cut:])):
            break
    return _counted(found[::-1])


def _counted(found: list[str]) -> list[str]:
    """The parts of an enumeration that name data, where it is one of data."""
    if not found or any(_CALLED.search(shadow(part)) for part in found):
        return []  # whom a rule calls something
    found[0] = _without_giver(found[0])
    tail = _TAIL.search(words.masked(found[-1]))
    if tail and not words.masked(found[-1])[tail.start() :].startswith("その他"):
        found[-1] = found[-1][: tail.start()]
    if len(found) > 1 and _APPOSED.search(shadow(found[-1])):
        summed_up = bool(_SUMMED_UP.search(found[-2]))
        if _GENERIC.fullmatch(found[-1]) and not summed_up:
            return []  # `アンケート、会員登録の際に個人情報`
        if summed_up:
            found.pop()  # `氏名、住所等、個人を特定できる情報`
    parts = [one for part in found for one in enumerated(part)]
    surely = [contents.named(words.masked(part)) for part in parts]
    few = len(parts) == 1 and not tail and len(parts[0]) > _FEW and "(" not in shadow(parts[0])
    alike = sum(map(known, parts))
    of_things = len(parts) > 1 and not any("個人" in part for part in parts)
    names = any(surely) or (of_things and alike * 3 >= len(parts) * 2)
    if not names or alike * 2 < len(parts) or few:
        return []
    return [part for part in parts if _is_data(part)]


def owned(parts: list[str]) -> list[str]:
    """The parts of an enumeration without who gave the first, and where."""
    return [
        re.sub(r"^それから", "", part if at else _without_giver(part))
        for at, part in enumerate(parts)
    ]


def _without_giver(part: str) -> str:
    """The first part without who gave it: `利用者が入力した体重`, `お客様の氏名`."""
    seen = words.masked(part)
    for pattern in (_GIVEN, _OWNER):
        cut = pattern.match(seen)
        rest = part[cut.end() :] if cut else ""
        if cut and known(rest) and not _GENERIC.fullmatch(shadow(rest)):
            part, seen = part[cut.end() :], seen[cut.end() :]
    return re.sub(r"^(?:その|当該|主に|必ず)", "", part)


def ends_as_noun(part: str) -> bool:
    """Whether a part may name something: `本サービスの利用を通じて` names nothing."""
    return not _NO_NOUN.search(words.masked(part))


def _is_data(part: str) -> bool:
    seen = words.masked(part)
    return (
        not _GENERIC.fullmatch(seen)
        and not _BROKEN.search(seen)
        and (contents.named(seen) or not _PERSONS.search(seen))
        and not _COMPANY.search(seen)
        and not seen.endswith((*_NO_DATA, "について", "へ", "と"))
    )


def known(part: str) -> bool:
    """Whether words name data, or end as such words do."""
    seen = words.masked(part)
    return contents.named(seen) or bool(_LIKE.search(seen))


def of_data(what: str) -> list[str]:
    """The parts of a line that only counts data; empty where it counts something else."""
    parts = enumerated(_OTHER.sub("、その他", what))
    surely = sum(contents.named(words.masked(part)) for part in parts)
    many = sum(map(known, parts)) * 3 >= len(parts)
    return parts if surely and many else []


def enumerated(what: str) -> list[str]:
    """The parts of an enumeration of data."""
    return [
        _bare(one)
        for part in _with_source(words.parts(what), what)
        for dotted in _dotted(part)
        for one in _both(dotted)
        if _bare(one)
    ]


def _with_source(parts: list[str], what: str) -> list[str]:
    """`履歴書及び職務経歴書に記載された情報` is one thing, whose two sources 及び joins."""
    made: list[str] = []
    end = 0
    for part in parts:
        start = what.index(part, end)
        if made and _WRITTEN_IN.search(part) and _JOINED.fullmatch(what[end:start]):
            made[-1] += what[end:start] + part
        else:
            made.append(part)
        end = start + len(part)
    return made


def _bare(part: str) -> str:
    part = _STRONG.sub("", part)
    return re.sub(r"\s*(?:(?:等|など)の?|のほか|に加えて?)$", "", part.rstrip("。 ")).strip()


def _both(part: str) -> list[str]:
    """The two of `氏名とメールアドレス`, where each names data."""
    one, and_, other = part.partition("と")
    two = (
        bool(and_)
        and "と" not in other
        and len(other) <= 16
        and not re.search("^[のし]|[にをがはで]", other)
    )
    surely = [contents.named(words.masked(half)) for half in (one, other)]
    return [one, other] if two and any(surely) and known(one) and known(other) else [part]


def _dotted(part: str) -> list[str]:
    """The parts of `氏名・住所`, where each names data, or two of three; `氏名・住所等の連絡先` is one."""
    if _OF_ALL.search(words.masked(part)):
        return [part]
    inner = re.split("[・･]", part) if "(" not in shadow(part) else [part]
    surely = [contents.named(words.masked(one)) for one in inner]
    most = sum(surely) > 1 and sum(surely) * 3 >= len(inner) * 2
    return inner if all(surely) or most else [part]
