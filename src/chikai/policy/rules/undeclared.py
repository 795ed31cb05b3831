"""Provision of data that no purpose declares.

Law: APPI Art. 17(1).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.provision import joint_use
from chikai.policy.rules.purposes import purposes
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

_PROVIDES: Final = re.compile(
    r"(?:第三者|パートナー|提携|グループ|関連会社|協力会社)[^。]{0,60}提供(?:する|いたす|し)(?:こと|場合)があ|提供する場合があります|(?:第三者|提携)[^。]{0,40}提供(?:します|いたします)"
)


_PROVIDES_TO: Final = re.compile(
    r"(?:に|へ)(?:対し(?:て)?)?、?(?:[^。、]{0,30}、){0,3}[^。、]{0,30}(?:提供|開示|販売|お?渡し?)(?:します|いたします|しています|しております|する(?:こと|場合)(?:が|も)|することがあ|する。?$)"
)
_NOT_PROVIDED: Final = re.compile(
    r"提供(?:し|いたし)ません|該当しない|委託|記録(?:し|を(?:作|残|保存|取|つけ|付け))|法(?:令|律)に(?:基づ|よ|定め)|除[きくい]|裁判|警察|限り、?同意なく|匿名加工|統計(?!(?:の)?作成等?の?(?:ため)?の?特例)|(?:配送|運送|宅配|印刷|決済|郵便)(?:会社|業者|局|事業者|代行)"
)


# What is sold or handed on, wherever the policy says so: 名簿を出版社に有償でお分けしております.
_SOLD: Final = re.compile(
    r"(?:団体|会社|出版社|業者|企業|事業者|店)(?:など|等)?(?:に|へ)、?[^。、]{0,16}(?:有償で[^。、]{0,8}(?:分け|提供|渡)|販売|お分け|頒布|売り渡)[^。、]{0,12}(?:ます|あ[りる]|おります|する。)"
)


def _provided(read: Reading) -> Iterator[Sentence]:
    yield from read.saying(_PROVIDES, "third_party", "entrust", "joint", "foreign")
    yield from (s for s in read.saying(_SOLD) if not s.under & {"purposes", "items", "anonymised"})
    others = (
        *read.saying(_PROVIDES_TO, "third_party", "foreign"),
        *joint_use(read),
        *(
            s
            for s in read.saying(_PROVIDES_TO)
            if not s.under - {"law"} and _is_of_provision(read, s)
        ),
    )
    yield from (s for s in others if not _NOT_PROVIDED.search(s.text))


_TO_OTHERS: Final = re.compile(
    r"第三者|提供先|共同|提携|委託|(?:会社|機関|業者|事業者|企業|先|団体|病院|局|店|所)[^。、]{0,8}(?:へ|に|と)の?[^。、]{0,12}(?:提供|通知|連携|照会|提出|紹介|開示)|名簿[^。]{0,40}(?:提供|販売|頒布|配布)|(?:者|社|先|方|店|人|業)(?:に|へ)(?:お?渡[すしさ]|販売|引き渡)"
)


def _is_of_provision(read: Reading, sentence: Sentence) -> bool:
    """Whether the article that a sentence stands in is headed by provision: 名簿の提供."""
    top = read.outline.by_id.get(sentence.top)
    return top is not None and bool(re.search(r"提供|名簿", top.title))


@rule("L-PUR-05", "warn", "S", "APPI Art. 17(1)", "PPC GL 3-1-1", "PPC GL 3-6-1", often=0.2)
def provides_without_a_purpose(read: Reading) -> Iterator[Seen]:
    """Data goes to others, and no purpose says so."""
    named = purposes(read)
    if not named or any(_TO_OTHERS.search(p) for _, _, p in named):
        return
    if read.document is not None and any(p.third_party for p in read.document.purposes):
        return
    for s in _provided(read):
        if not re.search(r"提供(?:し|いたし)ません|該当しない", s.text):
            yield Seen(
                s.at,
                Text(
                    "第三者に提供することが、利用目的に書かれていません",
                    "no purpose says that data is provided to others",
                ),
                Text("利用目的に提供を加えてください", "add the provision to the purposes"),
                s.raw,
            )
            return
