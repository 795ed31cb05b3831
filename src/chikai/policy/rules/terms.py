"""Words: what they are said to mean, and whether they always mean it.

Law: APPI Art. 2(5), APPI Art. 2(6).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.selves import (
    A_COMPANY,
    DOMINANT,
    ITSELF,
    NAME,
    NAMED_ITSELF,
    is_defined,
    second_self,
    strangers,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

# Given to those who carry out what was asked for; a request of the person says nothing of them.
_HANDED_ON: Final = re.compile(
    r"(?:機関|店|会社|企業|事業者|業者|団体)等?(?:に|へ)(?:対し(?:て)?)?、?[^。、]{0,10}開示(?:し|いたし|する)"
)
_SHOWN_TO_OTHERS: Final = re.compile(
    rf"{_HANDED_ON.pattern}|"
    r"(?:第三者|外部|委託先|パートナー|提携|業者)[^。]{0,24}開示(?!等|対象|の対象|の?請求|の?求め)|(?:収集|取得|利用)[、・及び]{1,3}(?:利用[、・及び]{1,3})?開示|必要な情報のみを?開示|開示・提供|提供・開示"
)
# What a clause on provision does with data, whoever receives it: 次の場合を除き、開示いたしません.
_GIVEN_UNDER: Final = re.compile(
    r"(?<!記録の)(?<!記録を)(?<!本人に)(?<!請求により)開示(?:いたし|し|する|を行|でき|され)(?!た?者)"
    r"|^(?![^。]{0,60}(?:本人|お客様|利用者|会員|ユーザー|患者)(?:様)?(?:から|より))[^。]{0,80}開示(?:を|の)(?:求め|要請|要求|命令|依頼|照会)"
)
_SHOWN_TO_THE_PERSON: Final = re.compile(r"開示")


@rule("L-TRM-01", "warn", "T", often=0.3)
def uses_one_word_for_two_things(read: Reading) -> Iterator[Seen]:
    """The word 開示 means both showing data to the person and giving it to others."""
    others = [
        s
        for s in (*read.saying(_SHOWN_TO_OTHERS), *read.saying(_GIVEN_UNDER, "third_party"))
        if (s not in read.asked or (_HANDED_ON.search(s.text) and "求" not in s.text))
        and not re.search(r"第三者提供の?(?:記録|停止)|[非不]開示|守秘", s.text)
    ]
    given, tops = frozenset(others), {s.top for s in others}
    shown = any(
        _SHOWN_TO_THE_PERSON.search(s.text)
        for s in read.rights
        if s not in given and (s.top not in tops or _BY_THE_PERSON.search(s.text))
    )
    if others and shown:
        yield Seen(
            others[0].at,
            Text(
                "「開示」を、本人に見せる意味と、他者に渡す意味の両方で使っています",
                "`開示` means both disclosure to the person and provision to others",
            ),
            Text(
                "他者に渡すことは「提供」と書いてください",
                "say `提供` for giving it to others",
            ),
            others[0].raw,
        )


# Who asks to see data, in a clause that gives it to others elsewhere: 個人情報の開示 over 第三者に開示しません names nobody.
_BY_THE_PERSON: Final = re.compile(
    r"請求|求め|申し?出|ご自身|ご?本人(?:から|が|の|に|様)|開示等|権利|希望"
)


# Who handles data for the operator, as what is done to them tells: 職員に研修を行い, スタッフ教育の徹底.
_TRAINED: Final = r"(?:等|など|全員|一人ひとり)?(?:に対し(?:て)?|に対する|への|に|を|の|・[一-龥ァ-ヴー]{2,5})?(?:必要かつ適切な|定期的な|個人情報[^。、]{0,10})?(?:教育|研修|訓練|監督|周知|誓約|勉強会)"
# Words for one thing; a word in front or behind may make it another one.
_SYNONYMS: Final[tuple[tuple[str, ...], ...]] = (
    (
        r"(?<!共同)(?<!サービス)利用者(?!の?範囲|が?識別|を?識別|のコンピュ|情報)",
        r"お客様(?!相談|窓口|センター|サポート)",
        r"ユーザー(?!ビリ|エージェント|id|名|サポート)|ユーザ(?!ー|ビリ|id|名)",
        r"(?<!の会)会員(?!情報|登録|規約|id|制|認証|サービス|ページ|様|番号|証|カード|価格|限定|専用|各位|向け|権|期間|の(?:皆|みな)|に(?:なる|ご登録))",
    ),
    (r"利用の?停止", r"利用の?中止|使用の?停止"),
    (
        r"当社(?!団)",
        r"弊社(?!団)",
        r"(?<![一-龥ぁ-ん])(?:私|わたし)(?:たち|ども|共)(?!が運営)",
        r"当法人",
        r"当団体",
        r"当協会",
        r"当組合",
        r"当財団",
    ),
    (r"個人情報", r"(?<!人)利用情報の?(?:取扱|管理|開示|保護)"),
    (r"当会(?!員|社)", r"当団(?!体)"),
    (r"当院(?!内)", r"当(?:クリニック|医院|病院|診療所)"),
    (r"当店(?!舗)", r"当(?:ショップ|サロン|ストア)"),
    (r"(?<![一-龥])当サイト", r"(?<![一-龥])本サイト"),
    (r"(?<![一-龥])当サービス", r"(?<![一-龥])本サービス"),
    (r"(?<![一-龥])当アプリ", r"(?<![一-龥])本アプリ"),
    (r"保有個人データ", r"開示対象個人情報"),
    (r"(?<!基)本(?:プライバシー・?)?ポリシー", r"(?<![基日])本方針", r"本規[程約](?!則)"),
    (
        r"本(?:学|校)(?![会科部])",
        r"(?<![一-龥・ー])学校(?=は|が|の(?:教育|運営|方針|行事)|を|との|への)",
    ),
    (
        rf"従業[者員](?={_TRAINED})",
        rf"(?<![一-龥])(?:社員|職員)(?={_TRAINED})",
        rf"スタッフ(?={_TRAINED})",
    ),
    (r"委託先", r"パートナー企業(?=[^。\n]{0,200}委託)"),
)


@rule("L-TRM-02", "info", "T", often=0.35)
def uses_two_words_for_one_thing(read: Reading) -> Iterator[Seen]:
    """Two words are used for one thing."""
    found = False
    owned = [(s, _QUOTED.sub("", s.text)) for s in read.sentences]
    whole = "\n".join(own for _, own in owned)
    for words in _SYNONYMS:
        if sum(re.search(word, whole) is not None for word in words) < 2:
            continue  # in most texts most of these words stand nowhere
        said = [(s, own) for s, own in owned if not _alike(s, words)]
        hits = [
            next(((m[0], s) for s, own in said if (m := re.search(word, own))), None)
            for word in words
        ]
        used = [hit for hit in hits if hit is not None]
        if len(used) > 1:
            found = True
            yield _two_words(used[0][0], *used[1])
    for word, other in (*_by_another_name(read), *_of_another_operator(read)):
        found = True
        yield _two_words(word, *other)
    legal = next((s for s in read.sentences if re.search(r"漏洩|漏泄", s.text)), None)
    if legal is not None and (found or "漏えい" in read.text):
        yield _two_words("漏えい", "漏洩", legal)


# What a trade calls those whom a template calls users.
_OWN_READERS: Final = re.compile(
    r"ゲスト|飼い主(?:様|さん|さま)|患者(?:様|さん|さま)|生徒|受講(?:者|生)|組合員|寄[付附]者|入居者|依頼者(?:様)?|施主(?:様)?|保護者|来[場館]者(?:様|さま)?|読者|参加者|購入者|登録者|契約者"
    r"|会員の(?:皆(?:様|さま)|方)|会員(?:様|さま)"
)
_ANY_READERS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("ユーザー", re.compile(r"ユーザー(?!ビリ|エージェント|id|名|サポート)")),
    ("利用者", re.compile(r"(?<!共同)利用者(?!の?範囲|が?識別|を?識別|情報|登録|id)")),
    ("お客様", re.compile(r"お客様(?!相談|窓口|センター|サポート|係)")),
)
_OF_A_SITE: Final = re.compile(
    r"(?:サイト|ページ|アプリ)(?:を|の|に|へ)(?:ご?利用|閲覧|訪問|アクセス)|閲覧者"
)


def _by_another_name(read: Reading) -> Iterator[tuple[str, tuple[str, Sentence]]]:
    """A template's word for readers in a policy that calls them by one of its own, again and again."""
    own, times = next(iter(Counter(_OWN_READERS.findall(read.text)).most_common(1)), ("", 0))
    if times < DOMINANT:
        return
    asked = not read.rights or own in read.rights_text
    for word, pattern in _ANY_READERS:
        # Members are users, too, where both are said; customers are often more than the members.
        if not (asked or word == "ユーザー") or (own.startswith("会員") and word == "お客様"):
            continue
        hits = [s for s in read.saying(pattern) if not s.under & {"cookie", "security"}]
        if len(hits) >= times or is_defined(read, word):
            continue
        for s in hits:
            if own not in s.text and "(以下" not in s.text and not _OF_A_SITE.search(s.text):
                yield own, (word, s)
                return


def _of_another_operator(read: Reading) -> Iterator[tuple[str, tuple[str, Sentence]]]:
    """The operator's own name, and what a copy calls it in one place."""
    named = next(iter(NAMED_ITSELF.findall(read.text)), "")
    for word in strangers(read):
        yield named, (word, next(s for s in read.sentences if word in s.text))
    if both := second_self(read):
        yield both[0], (both[1], next(s for s in read.sentences if both[1] in s.text))


def _two_words(first: str, other: str, at: Sentence) -> Seen:
    return Seen(
        at.at,
        Text(
            f"「{first}」と「{other}」を同じ意味で使っています",
            f"`{first}` and `{other}` are used for one thing",
        ),
        Text("ひとつの言葉にそろえてください", "use one word"),
        at.raw,
    )


# A name in quotes is somebody else's word, such as what a screen shows.
_QUOTED: Final = re.compile(r"「[^」]{1,30}」(?!とい|と称|と総|と呼)")


def _alike(sentence: Sentence, words: tuple[str, ...]) -> bool:
    """Whether a sentence makes two of these words one, or speaks of those who use a machine."""
    defined = _QUOTED_ALIKE.findall(sentence.text)
    of_machines = words is _SYNONYMS[0] and "security" in sentence.under
    return of_machines or any(re.search(w, one) for w in words for one in defined)


# A definition that names both words makes them one.
_QUOTED_ALIKE: Final = re.compile(
    r"以下[、,]?(?:総称して|あわせて|併せて)?「(?:利用者|お客様|ユーザー|会員|当社|弊社)"
)
_PARTIES: Final[tuple[tuple[str, str], ...]] = (
    ("利用者", r"(?<!共同)(?<!サービス)利用者(?!の?範囲|が?識別|を?識別|のコンピュ|のブラウザ)"),
    ("ユーザー", r"(?<!google)ユーザー(?!ビリ|エージェント|id|名|サポート)"),
    ("本サービス", r"本サービス"),
    ("本サイト", r"本サイト"),
    ("本アプリ", r"本アプリ(?!ケーション)"),
    ("本アプリケーション", r"本アプリケーション"),
    ("本ウェブサイト", r"本ウェブサイト"),
    ("当グループ", r"当グループ"),
    ("パートナー企業", r"パートナー企業|ビジネスパートナー"),
    ("提携会社", r"提携(?:会社|企業)"),
    ("提携先", r"提携先"),
    ("関連団体", r"関連団体"),
    ("関係団体", r"関係団体"),
    ("協力会社", r"協力(?:会社|企業|業者)(?!に関する|の(?:社員|従業|技術|担当))"),
)


# So often is one spoken of before the text must say who it is; others are twice.
_SPOKEN_OF: Final = {
    "パートナー企業": 0,
    "協力会社": 2,
    "提携先": 2,
    "関連団体": 2,
    "関係団体": 2,
}


@rule("L-TRM-03", "warn", "T", often=0.35)
def names_a_party_without_saying_who(read: Reading) -> Iterator[Seen]:
    """A party or a service is named and nowhere said who or what it is."""
    for word, used in (*_itself(read), *_parties(read)):
        if not is_defined(read, word):
            yield Seen(
                used.at,
                Text(f"「{word}」がだれ・何を指すかの定めがありません", f"`{word}` is not defined"),
                Text(
                    f"初めに「（以下「{word}」といいます。）」と定めてください",
                    "define it where it first stands",
                ),
                used.raw,
            )


# One of the houses of a body that may have several of them, and has not said which.
_A_HOUSE: Final = re.compile(r"当(?:院|園|館|施設|クリニック|校)")


def _itself(read: Reading) -> Iterator[tuple[str, Sentence]]:
    """What the operator calls itself: twice where nothing says who that is, once beside a name of another kind."""
    said: dict[str, list[Sentence]] = {}
    for s in read.saying(ITSELF):
        for word in ITSELF.findall(s.text):
            said.setdefault(word, []).append(s)
    named = NAMED_ITSELF.findall(read.text)
    for word, used in said.items():
        if re.search(
            rf"{word}\([^()。]{{0,40}}(?:{NAME}|代表|[店院園会]主|[店院園所塾]長)[^()。]{{0,40}}\)",
            read.text,
        ):
            continue  # 当店（パン工房青空、店主 青空花子）
        if not named:
            once = not read.outline.contact.name and read.document is None
            if len(used) > 1 or once:
                yield word, used[0]
        elif word in {"当社", "弊社", "弊店"} and not {*named, word} <= A_COMPANY:
            # A clause on cookies is often a copy that speaks of whoever wrote it.
            yield from ((word, s) for s in used if "cookie" not in s.under)
        elif word in strangers(read) or (
            _A_HOUSE.match(word) and len(used) >= DOMINANT and {*named} <= {"当法人", word}
        ):
            yield word, used[0]


_READERS: Final = ("利用者", "ユーザー")


def _parties(read: Reading) -> Iterator[tuple[str, Sentence]]:
    """The others that are spoken of twice or more, in one word or two; a partner once."""
    readers: list[tuple[str, Sentence]] = []
    for word, pattern in _PARTIES:
        # What a notice of external transmission calls 利用者 is the word of another law.
        used = [s for s in read.saying(re.compile(pattern)) if not s.under & {"cookie"}]
        if len(used) > _SPOKEN_OF.get(word, 1):
            yield word, used[0]
        elif word in _READERS:
            readers += [(word, s) for s in used]
    left = bool(readers) and (any(_by_another_name(read)) or _is_left_over(read, *readers[0]))
    if len(readers) == len(_READERS) or left:
        yield readers[0]


def _is_left_over(read: Reading, word: str, said: Sentence) -> bool:
    """Whether a template's word for readers stands once where the policy speaks of its customers or members."""
    called = Counter(re.findall(r"お客様|会員", read.text))
    usual = called.total() >= DOMINANT and not {*called} & {word}
    return usual and word == "ユーザー" and not re.search("お客様|会員", said.text)


_CLASS: Final = r"(?:統計|集計|その他|(?<!匿名加工情報及び)仮名加工)"
# A definition whose words hold anonymised information beside another class: 「Ｘ」とは、…をいう, …（以下「Ｘ」）, Ｘ（…をいう）.
_MERGED: Final = re.compile(
    rf"」とは、?[^。]{{0,80}}匿名加工情報[^。]{{0,40}}{_CLASS}[^。]{{0,60}}(?:いい|いう|指|意味|含)|」とは、?[^。]{{0,80}}{_CLASS}[^。]{{0,40}}匿名加工情報[^。]{{0,60}}(?:いい|いう|指|意味|含)"
    r"|(?:統計|その他の?加工)[^。]{0,60}(?:以下|総称)[^。]{0,8}「?匿名加工情報|匿名加工情報[^。]{0,30}(?:統計|その他)[^。]{0,40}(?:以下|総称)"
    r"|匿名加工情報等?[」』]?\([^()]{0,80}(?:統計|その他)[^()]{0,60}(?:いい|いう|指|意味|総称|含)[^()]{0,8}\)|匿名加工情報等?[」』]?と(?:は|して)[、,][^。]{0,80}(?:統計|その他これ|その他の?加工)"
    rf"|匿名加工情報[^。]{{0,30}}{_CLASS}[^。]{{0,40}}を(?:総称して|あわせて|まとめて)[、,]?「"
    # A term before its meaning, as a list of words gives it: 加工済みデータ…統計情報、匿名加工情報その他の情報をいいます.
    rf"|(?<!「)匿名加工情報(?![」』]?(?:とは|は))[^。]{{0,30}}{_CLASS}[^。「]{{0,60}}(?:を(?:いう|いい|指)|(?:あわせて|併せて|まとめて|総称して)(?:いう|いい|呼))|統計[^。]{{0,30}}(?<!「)匿名加工情報(?![」』]?(?:とは|は))[^。「]{{0,60}}(?:を(?:いう|いい|指)|(?:あわせて|併せて|まとめて|総称して)(?:いう|いい|呼))"
)
# What falls under none of the classes puts none of them together.
_NONE_OF_THEM: Final = re.compile(r"(?:該当|当たら|含ま)(?:しない|れない|ない)|除[くき]")


@rule(
    "L-TRM-04",
    "warn",
    "T",
    "APPI Art. 2(5)",
    "APPI Art. 2(6)",
    "PPC GL-processed 3-1-1",
    often=0.03,
)
def merges_classes_of_the_law(read: Reading) -> Iterator[Seen]:
    """A defined term puts anonymised information together with statistics or other processed information."""
    for s in read.saying(_MERGED):
        if _NONE_OF_THEM.search(s.text):
            continue
        yield Seen(
            s.at,
            Text(
                "統計情報などを匿名加工情報と同じ言葉にまとめています",
                "statistics and anonymised information are put under one word",
            ),
            Text(
                "匿名加工情報、仮名加工情報、統計情報を分けて書いてください",
                "name anonymised, pseudonymised and statistical information apart",
            ),
            s.raw,
        )


# That a purpose is told when data is collected answers no request.
_AT_COLLECTION: Final = re.compile(
    r"取得(?:し|した|する|後|時)[^。]{0,80}目的[^。]{0,30}(?:通知|公表|明示)|目的[^。]{0,20}(?:通知し?、?(?:又は|若しくは)、?公表)"
)
_SOON: Final = re.compile(r"(?:速|すみ)やかに")


@rule("L-TRM-06", "info", "T", often=0.2)
def promises_two_speeds(read: Reading) -> Iterator[Seen]:
    """Requests are promised to be handled 速やかに in one place and 遅滞なく in another."""
    said = [s for s in read.rights if not _AT_COLLECTION.search(s.text)]
    soon = [s for s in said if _SOON.search(s.text)]
    if soon and any("遅滞なく" in s.text for s in said):
        yield Seen(
            soon[0].at,
            Text(
                "請求への対応に「速やかに」と「遅滞なく」が混ざっています",
                "requests are handled `速やかに` here and `遅滞なく` elsewhere",
            ),
            Text("ひとつにそろえてください", "use one of them"),
            soon[0].raw,
        )
