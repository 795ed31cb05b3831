"""Anonymised information: what must be published when it is made and provided.

Law: APPI Art. 43.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.reading import shadow
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import GIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

_MADE: Final = re.compile(
    rf"匿名加工情報[^。]{{0,60}}(?:作成|作[りっるら]|加工|利用|発表|公表|{GIVE}|販売)|匿名加工(?:し|を行)"
)
# Whoever only handles it is bound as well not to tell persons apart again.
_HANDLED: Final = re.compile(
    rf"{_MADE.pattern}|匿名加工情報[^。]{{0,30}}(?:を[^。、]{{0,16}}(?:取扱|受領|受け取|保有|入手|購入)|の提供を受け)"
)
_NONE: Final = re.compile(
    r"匿名加工情報[^。]{0,30}(?:作成|作[りっるら]|提供|取扱)[^。]{0,12}(?:ません|ない(?:。|$))"
)
_PUBLISHED: Final = re.compile(
    r"公表|公開|公に|(?:ページ|サイト)に[^。、]{0,4}(?:書|記)|掲載|掲示|掲げ|載せ|お?知らせ|明らかに"
)
# What else the text calls it: 匿名加工情報その他のデータ（以下「統計データ」）.
_ALSO: Final = re.compile(r"匿名加工情報[^。「」]{0,60}以下[^。「」]{0,12}「([^「」]{2,20})」")


# A term that is said to mean it: 「分析データ」とは…匿名加工情報…をいう, 加工済みデータ: 統計情報、匿名加工情報….
_MEANS_IT: Final = re.compile(
    r"「([^「」]{2,20})」(?:とは|は|:)(?:(?!個人情報[、及又並])[^。「」]){0,80}匿名加工情報[^。]{0,60}(?:いい|いう|総称|指)"
    r"|(?:^|\n)[・\-]?([^\n。「」、:.|]{2,16})(?:\.{2,6}|:|とは、|=|\|)(?:(?!個人情報[、及又並])[^。\n]){0,60}匿名加工情報[^。\n]{0,60}(?:いい|いう|総称|指)"
)


def _names(read: Reading) -> tuple[str, ...]:
    """What the text calls anonymised information, with the terms that are said to take it in."""
    meant = [a or b for a, b in _MEANS_IT.findall(read.text)]
    return ("匿名加工情報", *_ALSO.findall(read.text)[:3], *meant[:3])


def _about(read: Reading, done: re.Pattern[str] = _MADE) -> tuple[Sentence, ...]:
    """What is said about anonymised information that is made, or with which something is done; nothing where none is."""
    names = _names(read)
    said = tuple(
        s
        for s in read.sentences
        if ("anonymised" in s.under or any(name in s.text for name in names))
        and not s.under & {"definition"}
        and not _is_of_pseudonyms(read, s)
    )
    made = any(done.search(_in_one_word(s.text, names)) for s in said)
    return said if made and not any(_NONE.search(s.text) for s in said) else ()


def _is_of_pseudonyms(read: Reading, sentence: Sentence) -> bool:
    """Whether a sentence speaks of pseudonymised information only, or stands in a clause that does."""
    if "匿名加工" in sentence.text:
        return False
    node = read.outline.by_id.get(sentence.at)
    while node is not None and "加工情報" not in node.title:
        node = read.outline.parent(node.id)
    return "仮名加工" in (node.title if node else sentence.text)


def _in_one_word(text: str, names: tuple[str, ...]) -> str:
    """A sentence that calls anonymised information by that name, whatever else the policy calls it."""
    for name in names[1:]:
        text = text.replace(name, names[0])
    return text


@rule("L-ANO-01", "error", "T", "APPI Art. 43(3)", "APPI Rules Art. 36(1)", often=0.05)
def publishes_nothing_at_making(read: Reading) -> Iterator[Seen]:
    """Anonymised information is made, and its items are not published then."""
    said = _about(read)
    when = re.compile(r"(?:作成|作[りっる])[^。、]{0,12}(?:とき|場合|際|後|都度|たび|時)|作成し")
    for s in said:
        told = when.search(s.text) and "項目" in s.text and _PUBLISHED.search(s.text)
        if told and not re.search(r"提供(?:する|した)(?:とき|場合|際)", s.text):
            return
    making = re.compile(
        r"匿名加工情報[^。、]{0,12}(?:作成|加工)(?:する|した|に(?:当た|あた|際し)(?:って|り|て)?)(?:場合|とき|際|時|に当たって|にあたって)?[^。]*(?:次|以下|下記)[のをに]"
    )
    for s in said:
        told = making.search(re.sub(r"\([^()]*\)", "", s.text))
        listed = read.outline.by_id[s.at].children if told else ()
        if any("項目" in c.text and _PUBLISHED.search(c.text) for c in listed):
            return
    if re.search(
        r"作成した匿名加工情報[^。]{0,30}項目[^。]{0,20}(?:とおり|以下|次|[::])", read.text
    ) or any(_shows_its_items(read, s) for s in said):
        return
    if said:
        yield Seen(
            said[0].at,
            Text(
                "匿名加工情報を作成したときの項目の公表がありません",
                "nothing says that the items are published when it is made",
            ),
            Text(
                "作成したときに項目を公表することを書いてください",
                "say that they are published then",
            ),
            said[0].raw,
        )


# A label over the items themselves; of what is provided, they are published for another reason.
_ITEMS_OF_IT: Final = re.compile(
    r"^(?:作成(?:した|する))?匿名加工情報に含まれる[^。]{0,20}(?:情報|データ)?の?項目(?P<told>[::].{2,}|\|.*)?$"
)


def _shows_its_items(read: Reading, sentence: Sentence) -> bool:
    """Whether a sentence is the label of the items, with the items beside or below it."""
    node = read.outline.by_id[sentence.at]
    label = _ITEMS_OF_IT.match(sentence.text)
    heads = sentence.raw.strip() == node.title and bool(node.text.strip() or node.children)
    return label is not None and bool(label["told"] or heads)


# To publish gives nothing away, and a heading tells of no act.
_GIVEN: Final = re.compile(
    r"(?:第三者[^。]{0,20}提供|提供(?:し|する|先|いた|され|を行)|(?:共有|譲渡|貸与|販売)(?:し|する|いた|され|を行)|渡(?:す|し|さ|る|り)|売[りっる])(?![^。、]{0,16}(?:ません|ないもの|ない。|しない$))"
)


@rule("L-ANO-02", "error", "T", "APPI Art. 43(4)", "APPI Rules Art. 37(2)", often=0.05)
def does_not_tell_the_recipient(read: Reading) -> Iterator[Seen]:
    """Anonymised information is provided, and the recipient is not told what it is."""
    said = _about(read)
    given = next((s for s in said if _GIVEN.search(s.text)), None)
    told = re.compile(
        r"明示|明記|匿名加工情報(?:です|だ)?」?と[^。、]{0,8}(?:記|書|表示|伝え|知らせ)|(?:である|という|その)(?:旨|こと)を?[^。]{0,40}(?:伝え|示|通知|明らか|お?知らせ|記[しさ載]|書[いき]|告げ|断)"
    )
    if given is not None and not any(told.search(s.text) for s in said):
        yield Seen(
            given.at,
            Text(
                "提供先に匿名加工情報であると明示することが書かれていません",
                "nothing says that the recipient is told what it is",
            ),
            Text("提供先に明示することを書いてください", "say that the recipient is told"),
            given.raw,
        )


# That persons are told apart again; that they cannot be is how the information was made.
_MADE_SO: Final = re.compile(
    r"照合し(?:ない限り|なければ)[^。、]{0,40}(?:識別|特定)[^。、]{0,8}でき(?:ない|ません)|(?:識別|特定|復元)[^。、]{0,12}(?:でき(?:る|ない|ず|ぬ)|不(?:可)?能)[^。、]{0,10}(?:よう|形|状態|加工|情報|し)"
)
_NEVER_AGAIN: Final = re.compile(
    r"(?:識別|特定|照合|復元|突き?合|突き止め|割り出|照らし合|組み合わせ|結び(?:つけ|付け)|(?:ひも|紐)(?:づけ|付け)|元に戻|元の(?:情報|個人|状態)|だれ(?:の|で|か)|誰(?:の|で|か))"
    r"[^。]{0,50}(?:ません|ない|せず|禁じ|禁止)"
)


@rule("L-ANO-03", "warn", "T", "APPI Art. 43(5)", often=0.05)
def does_not_renounce_identification(read: Reading) -> Iterator[Seen]:
    """Nothing promises that persons are not identified again."""
    said = _about(read, _HANDLED)
    if said and not any(_NEVER_AGAIN.search(_MADE_SO.sub("", s.text)) for s in said):
        yield Seen(
            said[0].at,
            Text(
                "本人を識別するための照合をしないことが書かれていません",
                "nothing promises that persons are not identified again",
            ),
            Text("照合しないことを書いてください", "promise not to match it with other data"),
        )


# `項目を公表し、第三者に提供` publishes the items; without a verb between, they are what is given.
_ITEMS_GIVEN: Final = re.compile(
    r"項目(?:\([^()]{0,40}\))?(?:を|は|について)(?:(?!公表|公開|公に|掲|示し|知らせ|定め|書[いき]|記し)[^。を]){0,36}?"
    r"(?:提供(?:し|する|いた|され|を[行し])|販売(?:し|する|いた|を[行し])|譲渡[しすい]|渡[しす]|売[りっる]|送[りっる付])(?!(?:前|相手))"
)

_ITEMS_TO_OTHERS: Final = re.compile(r"項目を[^。]{0,6}第三者に提供(?:する|し|いた|を)")


@rule("L-ANO-04", "warn", "T", often=0.03)
def provides_items_instead_of_information(read: Reading) -> Iterator[Seen]:
    """The text says that items are provided, where the information is meant."""
    anonymised = frozenset(_about(read))
    for s in read.sentences:
        meant = s in anonymised and _ITEMS_GIVEN.search(s.text)
        if not meant and not _ITEMS_TO_OTHERS.search(s.text):
            continue
        yield Seen(
            s.at,
            Text(
                "提供するのは項目ではなく、匿名加工情報です",
                "it is the information that is provided, not its items",
            ),
            Text(
                "「匿名加工情報を第三者に提供するとき」と直してください",
                "say that the information is provided",
            ),
            s.raw,
        )


@rule(
    "L-ANO-05",
    "error",
    "R",
    "APPI Art. 43(3)",
    "APPI Art. 43(4)",
    "APPI Rules Art. 36(1)",
    "APPI Rules Art. 37(1)",
)
def differs_from_the_register(read: Reading) -> Iterator[Seen]:
    """What was made is not what the policy publishes."""
    made = read.registers.anonymised
    if made is None:
        return
    text = "\n".join(s.text for s in _about(read))
    if made and not text:
        yield Seen(
            "",
            Text(
                "匿名加工情報を作成していますが、ポリシーに書かれていません",
                "anonymised information was made, and the policy does not speak of it",
            ),
            Text("作成していることと項目を書いてください", "say so, with the items"),
        )
    published = read.document is not None and any(
        c.kind == "register" for c in read.document.clauses
    )
    for item in () if published else made:
        if text and shadow(item) not in text:
            yield Seen(
                read.first("anonymised"),
                Text(
                    f"作成した項目「{item}」が公表されていません",
                    f"the item `{item}` is not published",
                ),
                Text("項目を公表してください", "publish the item"),
                item,
            )


@rule("L-ANO-06", "info", "T", "APPI Art. 43(6)", often=0.05)
def forgets_to_keep_it_safe(read: Reading) -> Iterator[Seen]:
    """No measures for the safety of anonymised information and complaints about it are named."""
    said = _about(read)
    if said and not re.search(
        r"安全管理|苦情|漏(?:れ|えい|洩)[^。]{0,24}(?:防|よう|保管|管理)",
        "\n".join(s.text for s in said),
    ):
        yield Seen(
            said[0].at,
            Text(
                "匿名加工情報の安全管理と苦情の処理が書かれていません",
                "nothing is said about its safety and complaints",
            ),
            Text("とっている措置を書くことを勧めます", "better name the measures"),
        )
