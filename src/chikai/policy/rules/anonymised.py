"""Anonymised information: what must be published when it is made and provided.

Law: APPI Art. 43.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.reading import shadow
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

_MADE: Final = re.compile(
    r"匿名加工情報[^。]{0,40}(?:作成|加工|提供|利用|発表|公表)|匿名加工(?:し|を行)"
)
_NONE: Final = re.compile(
    r"匿名加工情報[^。]{0,30}(?:作成|提供|取扱)[^。]{0,12}(?:しません|いたしません|ありません|行いません|しておりません|していません|ございません)"
)
_PUBLISHED: Final = re.compile(r"公表|公開|掲載")


def _about(read: Reading) -> tuple[Sentence, ...]:
    """What is said about anonymised information that is made; nothing where none is."""
    said = tuple(
        s
        for s in read.sentences
        if ("匿名加工情報" in s.text or "anonymised" in s.under) and not s.under & {"definition"}
    )
    made = any(_MADE.search(s.text) for s in said)
    return said if made and not any(_NONE.search(s.text) for s in said) else ()


@rule("L-ANO-01", "error", "T", "APPI Art. 43(3)", "APPI Rules Art. 36(1)", often=0.05)
def publishes_nothing_at_making(read: Reading) -> Iterator[Seen]:
    """Anonymised information is made, and its items are not published then."""
    said = _about(read)
    when = re.compile(r"作成(?:した|する|の)?(?:とき|場合|際|後)|作成し")
    for s in said:
        told = when.search(s.text) and "項目" in s.text and _PUBLISHED.search(s.text)
        if told and not re.search(r"提供(?:する|した)(?:とき|場合|際)", s.text):
            return
    making = re.compile(r"匿名加工情報を?作成(?:する|した)(?:場合|とき|際)[^。]*(?:次|以下|下記)の")
    for s in said:
        listed = read.outline.by_id[s.at].children if making.search(s.text) else ()
        if any("項目" in c.text and _PUBLISHED.search(c.text) for c in listed):
            return
    if re.search(
        r"作成した匿名加工情報[^。]{0,30}項目[^。]{0,20}(?:とおり|以下|次|[::])", read.text
    ):
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


@rule("L-ANO-02", "error", "T", "APPI Art. 43(4)", "APPI Rules Art. 37(2)", often=0.05)
def does_not_tell_the_recipient(read: Reading) -> Iterator[Seen]:
    """Anonymised information is provided, and the recipient is not told what it is."""
    said = _about(read)
    given = next(
        (s for s in said if re.search(r"第三者[^。]{0,20}提供|提供(?:する|し|先)", s.text)), None
    )
    told = re.compile(
        r"明示|である(?:旨|こと)を?[^。]{0,20}(?:明らか|告げ|知らせ|書)|である(?:旨|こと)を?[^。]{0,20}(?:伝え|示|通知|明らか)"
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


@rule("L-ANO-03", "warn", "T", "APPI Art. 43(5)", often=0.05)
def does_not_renounce_identification(read: Reading) -> Iterator[Seen]:
    """Nothing promises that persons are not identified again."""
    said = _about(read)
    never = re.compile(
        r"(?:識別|照合|復元|突き?合わせ|突き?止め|特定|割り出)[^。]{0,40}(?:しません|しない|せず|行いません|行わない|行わず|いたしません|禁止|禁じ|ことはありません|ことはない)"
    )
    if said and not any(never.search(s.text) for s in said):
        yield Seen(
            said[0].at,
            Text(
                "本人を識別するための照合をしないことが書かれていません",
                "nothing promises that persons are not identified again",
            ),
            Text("照合しないことを書いてください", "promise not to match it with other data"),
        )


@rule("L-ANO-04", "warn", "T", often=0.03)
def provides_items_instead_of_information(read: Reading) -> Iterator[Seen]:
    """The text says that items are provided, where the information is meant."""
    for s in read.saying(re.compile(r"項目を[^。]{0,24}(?:に|へ)提供(?:する|し|いた|を)")):
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
