"""What is to be done because of a change of the policy, each duty with the article that asks for it.

Clauses: 8.
Law: APPI Art. 17(2), APPI Art. 18(1), APPI Art. 20(1), APPI Art. 20(2), APPI Art. 21(2), APPI Art. 21(3), APPI Art. 25, APPI Art. 27(1), APPI Art. 28(1), APPI Art. 28(2), APPI Art. 28(3), APPI Art. 32(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chikai.policy.document import Text


@dataclass(frozen=True, slots=True)
class Duty:
    """What is to be done because of a change, and the article that asks for it."""

    says: Text
    article: str


EXPECTED: Final = Duty(
    Text(
        "もとの利用目的から予想できる範囲かを決めます。予想できないときは、前からの人の同意が要ります。",
        "Decide whether the old purposes let a person expect it; if not, older persons must agree first.",
    ),
    "APPI Art. 17(2)",
)
AGREED: Final = Duty(
    Text(
        "前からの人の情報は、その人が同意したときだけ使います。",
        "What is held of older persons is used only once they agree.",
    ),
    "APPI Art. 18(1)",
)
TOLD: Final = Duty(
    Text(
        "変更後の利用目的を、本人に知らせるか公表します。",
        "Tell persons the changed purposes, or publish them.",
    ),
    "APPI Art. 21(3)",
)
SHOWN: Final = Duty(
    Text(
        "新しい入力画面では、送信の前に利用目的を示します。",
        "On a new form, show the purposes before anything is sent.",
    ),
    "APPI Art. 21(2)",
)
PROMISED: Final = Duty(
    Text(
        "前の約束のもとで集めた情報です。前からの人の同意を得るか、同意が要らない理由を決めます。",
        "It was collected under the old promise: ask older persons, or decide why nobody need be asked.",
    ),
    "APPI Art. 18(1)",
)
GROUND: Final = Duty(
    Text(
        "第三者への提供に当たるときは、本人の同意を得るか、法の認める場合かを決めます。",
        "Where it is a provision to a third party, obtain consent or decide which case the law allows.",
    ),
    "APPI Art. 27(1)",
)
CARE: Final = Duty(
    Text(
        "要配慮個人情報は、先に同意を得て取得します。",
        "Special-care information is acquired with consent given before.",
    ),
    "APPI Art. 20(2)",
)
NUMBERED: Final = Duty(
    Text(
        "個人番号は、番号法の定める事務のほかには、同意があっても取得できません。どの事務かを決めて書きます。",
        "My Number is acquired only for affairs that its Act names, even with consent: decide and say which.",
    ),
    "APPI Art. 20(1)",
)
THIRD: Final = Duty(
    Text(
        "第三者に渡す前に、本人の同意を得ます。",
        "Obtain the person's consent before anything is provided.",
    ),
    "APPI Art. 27(1)",
)
ABROAD: Final = Duty(
    Text(
        "外国の受領者です。同意を得るか、法の認めるほかの方法があるかを決めます。",
        "A recipient abroad: obtain consent, or decide which other way the law allows.",
    ),
    "APPI Art. 28(1)",
)
COUNTRY_TOLD: Final = Duty(
    Text(
        "同意を求めるときは、国の名前、その国の制度、受領者の講じる措置を先に知らせます。",
        "Where consent is asked, tell first the country, its system and the recipient's measures.",
    ),
    "APPI Art. 28(2)",
)
SYSTEM_TOLD: Final = Duty(
    Text(
        "相当の措置を続ける体制によるときは、それを確かめ、本人の求めに応じて知らせます。",
        "Where the recipient keeps an equal system, see that it does, and tell persons who ask.",
    ),
    "APPI Art. 28(3)",
)
BY_CONSENT: Final = Duty(
    Text(
        "外国の受領者に渡す前に、そのことについて本人の同意を得ます。",
        "Obtain consent to the provision abroad before anything is provided.",
    ),
    "APPI Art. 28(1)",
)
EQUAL: Final = Duty(
    Text(
        "日本と同等の水準と定められた国にいる受領者です。",
        "The recipient is in a country that is designated as protecting equally.",
    ),
    "APPI Art. 28(1)",
)
ENTRUSTED: Final = Duty(
    Text("委託先を選び、契約し、監督します。", "Choose, bind by contract and supervise them."),
    "APPI Art. 25",
)
PUBLIC: Final = Duty(
    Text(
        "本人の知り得る状態に置く事項が変わります。",
        "What persons must be able to learn has changed.",
    ),
    "APPI Art. 32(1)",
)
