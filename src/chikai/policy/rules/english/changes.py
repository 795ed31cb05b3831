"""What an English policy says of consent, of changes, of the law and of anonymised information.

Law: APPI Art. 17(2), APPI Art. 18(1), APPI Art. 21(3), APPI Art. 43.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.rules.english.reading import asks, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.english.reading import English, Hit, Said


_WRITE: Final = ("書いてください", "write it")


_BY_USE: Final = re.compile(
    r"by (?:\w+ ){0,2}(?:us(?:ing|e)|download|play|access|visit|register|submit|continu|brows|purchas|order|book|stay|install|creat)\w*[^.]{0,120}(?:agree|consent|accept)"
    r"|(?:us(?:e|ing)|access|continu|visit|play|brows|stay|order)\w*[^.]{0,120}(?:deemed|constitutes?|signif|indicat|regarded|considered|treated|taken|means)[^.]{0,40}(?:consent|agree|accept)|deemed to have (?:agreed|consented|accepted)|you (?:are|will be) deemed"
)


@asks(
    "L-CON-01",
    ("利用しただけで同意したものとして扱っています", "mere use is taken for consent"),
    ("必要な同意は、内容を示して個別に得てください", "ask for each consent, saying for what"),
)
def takes_use_for_consent(text: English) -> Iterator[Hit]:
    """Mere use is taken for consent."""
    yield from text.hits(_BY_USE, unless=r"(?:tick|check|click)\w* ")


@asks(
    "L-CON-02",
    (
        "事前の同意を約束しながら、利用で同意したとみなしています",
        "consent is promised beforehand and taken for given by use",
    ),
    ("どちらかにそろえてください", "keep one of them"),
)
def contradicts_itself_on_consent(text: English) -> Iterator[Hit]:
    """Consent is asked beforehand in one clause and taken for given in another."""
    asked = re.search(
        r"(?:not|never)[^.\n]{0,120}(?:without|unless)[^.\n]{0,40}consent|only with (?:your )?(?:prior )?consent|without (?:your )?(?:prior )?consent[^.\n]{0,60}\bnot\b",
        text.text,
    )
    if asked or _only_in_listed_cases(text):
        yield from takes_use_for_consent(text)


_REFUSED: Final = re.compile(
    r"\b(?:not|never)\b[^.]{0,120}third part[^.]{0,60}\b(?:unless|except)|\bonly\b[^.]{0,60}third part|third part[^.]{0,60}\bonly\b"
)
_CONSENTED: Final = re.compile(
    r"^(?:\W|\w{1,3}[.)])*(?:with|when|where|if|you)\b[^.]{0,40}\bconsent"
)


def _only_in_listed_cases(text: English) -> bool:
    """Whether data goes to others in cases that are listed, consent being one of them."""
    return any(
        _REFUSED.search(plain(node.text))
        and any(_CONSENTED.search(plain(f"{c.title} {c.text}")) for c in node.children)
        for node in text.read.outline.walk()
    )


_CHANGE: Final = re.compile(r"\b(?:chang|revis|amend|updat|modif|alter)\w*")


def _changes(text: English) -> list[Said]:
    itself = re.compile(
        r"(?:chang|revis|amend|updat|modif|alter)\w*[^.]{0,60}(?:policy|notice|statement|terms|document|page)|(?:policy|notice|statement)[^.]{0,60}(?:chang|revis|amend|updat|modif|alter)"
    )
    return [
        s
        for s in text.said
        if ("change" in s.under or itself.search(s.text))
        and not s.under & {"purpose_change", "purposes", "rights", "cookie"}
    ]


@asks(
    "L-CHG-01",
    (
        "変更が知らされないか、掲載だけで効力をもちます",
        "a change is not told, or takes effect by being posted",
    ),
    ("変更を知らせる方法と時期を書くことを勧めます", "better say how and when people are told"),
)
def changes_without_telling(text: English) -> Iterator[Hit]:
    """The policy may change without notice, or only by being posted."""
    said = _changes(text)
    silent = re.compile(r"without (?:\w+ ){0,4}(?:notice|notif|announce|inform|telling)")
    told = re.compile(
        r"\b(?:notif|inform|tell|announce|e-?mail you|send you|let you know|give (?:you )?notice|notice of|by e-?mail)"
        r"|(?:days?|weeks?|months?) (?:before|prior|in advance|ahead)|before (?:it|they|the (?:\w+ )?(?:change|notice|policy|version)s?) takes? effect"
    )
    posted = re.compile(
        r"post|publish|appear|display|this page|on (?:our|the) (?:web)?site|put up|in the (?:app|game)"
    )
    hushed = next((s for s in said if silent.search(s.text)), None)
    telling = any(told.search(silent.sub("", s.text)) for s in said)
    found = hushed or (None if telling else next((s for s in said if posted.search(s.text)), None))
    if found is not None:
        yield found.at, found.raw


def _with_next(text: English, said: Said) -> str:
    at = text.said.index(said)
    return "\n".join(s.text for s in text.said[at : at + 2])


@asks(
    "L-CHG-04",
    (
        "利用目的の変更が、関連性のある範囲に限られていません",
        "a change of purpose is not limited to what is related",
    ),
    (
        "関連性があると合理的に認められる範囲に限ってください",
        "limit it to what is reasonably related",
    ),
)
def changes_purposes_without_limit(text: English) -> Iterator[Hit]:
    """Purposes may change, and nothing limits the change."""
    change = re.compile(
        r"(?:chang|add|expand|revis|alter)\w*[^.]{0,30}\bpurposes?\b|\bpurposes?\b[^.]{0,40}(?:chang|added|expand|revis|alter)"
    )
    found = next((s for s in text.saying(change) if not re.search(r"\bnot\b", s.text)), None)
    if found is None:
        return
    behind = _with_next(text, found).removeprefix(found.text)
    limited = re.search(r"relat|relevan|connect|consent", found.text) or (
        "purpose" in behind and re.search(r"relat|relevan|connect|consent", behind)
    )
    if not limited:
        yield found.at, found.raw


@asks(
    "L-CHG-05",
    ("どの変更に同意が必要なのかが書かれていません", "which changes need consent is not said"),
    ("同意を得る変更を挙げてください", "list the changes that need consent"),
)
def leaves_open_which_changes_need_consent(text: English) -> Iterator[Hit]:
    """Some changes need consent, and which ones is not said."""
    open_ = re.compile(
        r"(?:changes?|revisions?|amendments?)[^.]{0,60}(?:requir|need)\w*[^.]{0,40}consent|consent[^.]{0,40}(?:required|needed) (?:by|under) (?:applicable )?law"
    )
    yield from ((s.at, s.raw) for s in _changes(text) if open_.search(s.text))


@asks(
    "L-TRM-07",
    (
        "会社の決まりによるとありますが、その内容が示されていません",
        "the text refers to rules that are not shown",
    ),
    ("その方法を書くか、示す場所を書いてください", "write them, or where they stand"),
)
def hides_a_rule(text: English) -> Iterator[Hit]:
    """The text refers to rules of the company that are nowhere shown."""
    thing = (
        r"(?:methods?|procedures?|forms?|manner|rules?|fees?|process|documents?|way|regulations)"
    )
    hidden = re.compile(
        rf"\b(?:prescribed|designated|predetermined|separately (?:provided|defined|set|specified)|internal|our own|our established) {thing}|{thing} (?:that |which )?(?:we|the company)(?: separately)? (?:prescribe|designate|specif|determine|decide|choose|establish|set)|{thing} (?:prescribed|designated|specified|determined|established|set) by (?:us|the company|our)"
    )
    shown = r"http|below|section \d|attached|download|here|following|available (?:at|from|on)"
    yield from text.hits(hidden, unless=shown, outside=("security",))


@asks(
    "L-LAW-01",
    ("今の法令の条番号・言葉ではありません", "an article or a term of an older law is used"),
    ("今の条番号と言葉に直してください", "use the present numbers and words"),
)
def speaks_of_an_older_law(text: English) -> Iterator[Hit]:
    """Articles are cited by their old numbers."""
    old = re.compile(
        r"article 2[34]\b[^.]{0,160}(?:third|provi|consent|shar|another|others)|(?:third part|sharing|provision|provide)[^.]{0,80}article 23\b(?![^.]{0,60}security)|personal (?:information|data) subject to disclosure|jis q ?15001:? ?(?:1999|2006)"
    )
    yield from text.hits(old)


@asks(
    "L-LAW-02",
    ("まだ施行されていない規定を根拠にしています", "this rule is not in force yet"),
    ("今の法令に合わせて書いてください", "rest on the law that is in force"),
)
def claims_a_rule_that_is_not_in_force(text: English) -> Iterator[Hit]:
    """A rule that is not in force is spoken of as law."""
    claimed = re.compile(
        r"(?:\blaw\b|\bact\b|appi)[^.]{0,200}(?:under (?:the age of )?(?:16|sixteen)|(?:below|younger than) (?:16|sixteen))|under (?:the age of )?(?:16|sixteen)[^.]{0,120}(?:\blaw\b|\bact\b|appi)|(?:\blaw\b|\bact\b|appi)[^.]{0,160}without consent[^.]{0,80}statistic|statistic\w*[^.]{0,40}(?:exception|special)"
    )
    yield from text.hits(claimed, unless=r"comes? into|will take effect|planned|prepar")


_ANON: Final = re.compile(r"anonymously processed|anonymi[sz]ed (?:information|data)")


def _anonymised(text: English) -> list[Said]:
    found = [
        s
        for s in text.saying(_ANON)
        if not re.search(r"\bnot\b (?:create|make|produce|handle)", s.text)
    ]
    tops = {s.at.partition(".")[0] for s in found}
    made = any(
        re.search(r"creat|mak|produc|process|prepar|provid|sell|turn|suppl|compil", s.text)
        for s in found
    )
    return [s for s in text.said if s.at.partition(".")[0] in tops] if made else []


@asks(
    "L-ANO-01",
    (
        "匿名加工情報を作成したときの項目の公表がありません",
        "nothing says that the items are published when it is made",
    ),
    _WRITE,
)
def publishes_nothing_at_making(text: English) -> Iterator[Hit]:
    """Anonymised information is made, and its items are not published then."""
    said = _anonymised(text)
    if said and not any(
        re.search(
            r"publish|announc|make public|made public|disclose the (?:items|categories)|items (?:of|contained|included)",
            s.text,
        )
        for s in said
    ):
        yield said[0].at, said[0].raw


@asks(
    "L-ANO-02",
    (
        "提供先に匿名加工情報であると明示することが書かれていません",
        "nothing says that the recipient is told what it is",
    ),
    _WRITE,
)
def does_not_tell_the_recipient(text: English) -> Iterator[Hit]:
    """Anonymised information is provided, and the recipient is not told."""
    said = _anonymised(text)
    given = any(re.search(r"provid|shar|sell|suppl|third part", s.text) for s in said)
    if given and not any(
        re.search(
            r"(?:state|indicat|tell|inform|specif|clear|mark|label)\w*[^.]{0,60}anonym", s.text
        )
        for s in said
    ):
        yield said[0].at, said[0].raw


@asks(
    "L-ANO-03",
    (
        "本人を識別するための照合をしないことが書かれていません",
        "nothing promises that persons are not identified again",
    ),
    _WRITE,
)
def does_not_renounce_identification(text: English) -> Iterator[Hit]:
    """Nothing promises that persons are not identified again."""
    said = _anonymised(text)
    if said and not any(
        re.search(r"(?:not|never|prohibit)[^.]{0,80}(?:identif|collat|match|combin)", s.text)
        for s in said
    ):
        yield said[0].at, said[0].raw


@asks(
    "L-ANO-06",
    (
        "匿名加工情報の安全管理と苦情の処理が書かれていません",
        "nothing is said about its safety and complaints",
    ),
    _WRITE,
)
def forgets_to_keep_it_safe(text: English) -> Iterator[Hit]:
    """No measures for the safety of anonymised information are named."""
    said = _anonymised(text)
    if said and not any(re.search(r"secur|safe|complain|protect", s.text) for s in said):
        yield said[0].at, said[0].raw


@asks(
    "L-TRM-04",
    (
        "統計情報などを匿名加工情報と同じ言葉にまとめています",
        "statistics and anonymised information are put under one word",
    ),
    (
        "匿名加工情報、仮名加工情報、統計情報を分けて書いてください",
        "name anonymised, pseudonymised and statistical information apart",
    ),
)
def merges_classes_of_the_law(text: English) -> Iterator[Hit]:
    """A defined term puts anonymised information together with statistics."""
    merged = re.compile(
        r"anonym\w+ (?:processed )?(?:information|data)\"? ?\([^()]{0,80}(?:statistic|other|aggregat)|(?:statistic|aggregat)\w*[^.]{0,80}(?:collectively|together)?[^.]{0,20}\(\"?anonym"
    )
    yield from text.hits(merged)


@asks(
    "L-TRM-02",
    ("同じ人を二つの言葉で呼んでいます", "two words are used for the same persons"),
    ("ひとつの言葉にそろえてください", "use one word"),
)
def uses_two_words_for_one_thing(text: English) -> Iterator[Hit]:
    """Readers are called by a word that was defined, and users elsewhere."""
    defined = re.search(
        r"\(\"?(?:the )?\"?(?:players?|customers?|members?|guests?|clients?|patients?|visitors?)\"?\)",
        text.text,
    )
    users = re.compile(r"\busers?\b(?! (?:id|name|account|agent|interface|experience))")
    if defined and "user" not in defined[0]:
        yield from text.hits(users, outside=("cookie", "security"))
