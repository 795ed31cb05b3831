"""The cases that a policy takes out of consent: in a list, in a sentence, in a proviso or in prose."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Final

from chikai.policy.rules.reading import RIGHTS_KINDS
from chikai.policy.rules.wording import EXCEPT, GIVE, NOT, OTHERS, WITHOUT_CONSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Node
    from chikai.policy.rules.reading import Reading, Sentence

# `without consent nothing is provided`, in whatever order it is said
_REFUSED: Final = re.compile(
    rf"{GIVE}[^。]{{0,20}}{NOT}|同意[^。]{{0,60}}{GIVE}[^。]{{0,20}}{NOT}|{GIVE}(?:する)?(?:の)?は[^。]{{0,20}}場合に限"
)
# Cases in which data goes to others, whether or not anything was refused before.
_GIVEN: Final = re.compile(
    rf"(?:次|以下|下記|各号|左記)[^。]{{0,30}}(?:場合|とき|ケース|いずれか)[^。]{{0,40}}{GIVE}"
)
NO_THIRD_PARTY: Final = re.compile(
    r"第三者」?(?:に|へ|への)?(?:提供)?(?:に)?(?:は)?(?:該当|当た|あた)(?:し|ら|り)(?:ない|ません)"
)
_ANNOUNCES: Final = re.compile(r"(?:次|以下|下記|左記|各号|各項)(?:の|に|で)")
_ASIDE: Final = re.compile(
    r"(?:場合)?(?:など|等)?(?:を|は)?(?:除(?:き|いて|く|かれ)|のぞ[きくい])|(?<=場合)以外(?:に|は|で|の|、)|(?<=とき)以外(?:に|は|で|の|、)|(?:(?<=場合)|(?<=とき))のほか(?:は|に)?、"
)
# A proviso behind a refusal, with its cases in the sentence: ただし、…ときは、この限りでない.
_PROVISO: Final = re.compile(
    r"^(?:ただし|但し|もっとも)[、,]?(?P<cases>[^。]{4,200}?(?:場合|とき|際)(?:\([^()]{0,60}\))?)(?:に)?(?:は|、|について)[^。]{0,12}(?:この限り|除|例外)"
)
# The exceptions as a label and what follows it: 第三者提供の例外：Aの場合、Bの場合.
_LABELLED: Final = re.compile(r"(?:第三者|提供|同意)[^。、]{0,12}例外[::は](?P<cases>[^。]{4,200})")
_LIMITED: Final = re.compile(
    r"(?:第三者|提供)[^。、]{0,12}(?:提供|開示)は、(?P<cases>[^。]{4,200}?(?:場合|とき))に限"
)
# A proviso behind a refusal, and provision that is spoken of without being refused.
_YET: Final = re.compile(
    rf"^(?:ただし|但し|もっとも|なお)[^。]{{0,80}}{GIVE}(?:を)?(?:する|す|行う|いたす)?(?:こと|場合)(?:が|も)"
)
_UNASKED_GIVING: Final = re.compile(
    rf"{WITHOUT_CONSENT}[^。]{{0,30}}{GIVE}(?:を)?(?:する|す|行う|いたす)?(?:こと|場合)(?:が|も)"
)
# Cases behind a colon of the sentence that announces them: 次の場合を除き、提供しません：Aの場合、Bの場合.
_BEHIND: Final = re.compile(
    rf"(?:次|以下|下記)の?[^。:]{{0,16}}(?:除|のぞ)[^。:]{{0,60}}{GIVE}[^。:]{{0,12}}{NOT}[::](?P<cases>[^。]{{4,200}})"
)
_CASES_OF: Final = (_LABELLED, _LIMITED, _PROVISO, _BEHIND)
# A list of purposes under a sentence that also refuses provision is none of cases.
_OF_PURPOSES: Final = re.compile(r"利用目的|目的(?:に|で|の)[^。]{0,12}利用|利用(?:し|いたし|する)")
_A_CASE: Final = re.compile(r"(?:場合|とき)(?:\([^()]{0,80}\))?。?$|^(?:ただし|但し|その他)")
NO_CASE: Final = re.compile(
    r"^前(?:[一二三2-9]?項|各号|記)の|^(?:この|その)場合|(?:について|に関して)$|^(?:(?:第三者[にへ])?提供(?:する|される|の|を受ける)(?:目的|手段|方法|個人(?:情報|データ)の項目|(?:情報|データ)の項目|者)|利用目的に[^。]{0,12}提供を含|(?:第三者[にへ])?提供(?:する|される)(?:情報|データ|個人情報|個人データ)|当該(?:個人)?(?:情報|データ)の提供を受ける者|取得の?方法|(?:第三者[にへ]の)?提供の手段)|^\|[^|]{0,80}\|[^|]{0,60}(?:ため|目的)\|?$"
)


def exceptions(read: Reading) -> Iterator[tuple[Sentence, str]]:
    """The exceptions to consent that a policy lists: each with its clause."""
    for node in read.outline.walk():
        said, ends = _before_the_second(read, node)
        at = _lead(read, node, said)
        if at < 0 or NO_THIRD_PARTY.search(said[at].text):
            continue
        for s in said[at + 1 :]:
            if s.text.endswith(("場合", "とき")):
                yield s, s.text
        for child in node.children or _cases_beside(read, node, said[at]):
            if child.span.start > ends:
                break
            # A part with a heading of its own behind a list of bare members is none of them.
            if node.children and child.title and not node.children[0].title:
                continue
            for i, s in enumerate(read.said(child.id)):
                # What follows a case in its member of the list may belong to the clause again.
                if (not i or _A_CASE.search(s.text)) and not NO_CASE.search(s.text):
                    yield s, s.text


def _before_the_second(read: Reading, node: Node) -> tuple[list[Sentence], float]:
    """A clause's sentences up to the one that opens a second list, of those who are no third parties, and its place."""
    said = read.said(node.id)
    source = dict(read.outline.sources).get(node.span.file, "")
    for at, s in enumerate(said):
        if at and node.children and NO_THIRD_PARTY.search(s.text) and _ANNOUNCES.search(s.text):
            place = source.find(s.raw.strip()[:_KNOWN_BY], node.span.start, node.span.end)
            if node.children[0].span.start < place < node.children[-1].span.start:
                return said[:at], place
    return said, math.inf


# So many signs tell a sentence from the others of its clause.
_KNOWN_BY: Final = 16


def _cases_beside(read: Reading, node: Node, announced: Sentence) -> list[Node]:
    """The cases that stand behind the paragraph that announces them and are counted apart from it."""
    above = read.outline.parent(node.id)
    if above is None or not _ANNOUNCES.search(announced.text):
        return []
    at = above.children.index(node)
    behind = itertools.takewhile(
        lambda one: (
            one.number != node.number and any(_A_CASE.search(s.text) for s in read.said(one.id)[:1])
        ),
        above.children[at + 1 :],
    )
    return list(behind)


def _lead(read: Reading, node: Node, own: list[Sentence]) -> int:
    """Which of a clause's sentences makes the members of its list cases of provision, or -1."""
    words = [s.text for s in own]
    announced = [at for at, w in enumerate(words) if _ANNOUNCES.search(w)] or [len(words) - 1]
    if not words:
        return -1
    at, whole = announced[-1], "\n".join(words)
    about = re.sub(r"提供の?(?:停止|記録)", "", whole)
    abroad = read.under[node.id] & {"third_party", "entrust", "foreign", "joint"}
    if not re.search(rf"{OTHERS}(?:に|へ|への|には|提供|開示)", about) and (
        not abroad or read.under[node.id] & RIGHTS_KINDS
    ):
        return -1
    said = re.search(rf"{WITHOUT_CONSENT}|{GIVE}|この限り|適用", words[at])
    if not said and _OF_PURPOSES.search(words[at]):
        return -1
    yet = _YET.search(words[at]) or _UNASKED_GIVING.search(words[at])
    excepts = yet or re.search(rf"{EXCEPT}|場合(?:に|は|には|、)", words[at])
    refused = _REFUSED.search(whole)
    if (said or at) and excepts and refused:
        return at
    return at if _GIVEN.search(words[at]) or _UNASKED_GIVING.search(words[at]) else -1


def inline(read: Reading) -> Iterator[tuple[Sentence, str]]:
    """Exceptions that stand in the sentence itself."""
    for s in read.saying(_ASIDE):
        third = "third_party" in s.under or re.search(OTHERS, s.text)
        if "通信の秘密" in s.text:
            continue  # the exceptions to it are another law's
        if third and _REFUSED.search("\n".join(x.text for x in read.said(s.at))):
            for head in _ASIDE.split(s.text)[:-1]:
                if head.rfind("(") > head.rfind(")"):
                    continue  # 第三者（委託先を除きます。）: what is left out of a word is no case
                listed = _ANNOUNCES.search(head)
                beside = _BESIDE.search(head)
                if beside or not listed:
                    yield s, beside["case"] if beside else head


# A case beside those that are listed: `業務遂行のため、及び次の(1)から(4)を除き`.
_BESIDE: Final = re.compile(
    r"(?P<case>[^。]{4,60}(?:ため|場合|とき)(?:に)?)[、,]?(?:及び|又は|並びに|若しくは|や|と)、?(?:次|以下|下記)の"
)


def provisos(read: Reading) -> Iterator[tuple[Sentence, str]]:
    """Cases that a proviso takes out of a refusal, or that stand behind a label, one by one."""
    for s in read.sentences:
        found = next((m for p in _CASES_OF if (m := p.search(s.text))), None)
        if found is None or _ANNOUNCES.search(found["cases"]):
            continue
        around = "\n".join(x.text for x in read.said(s.at))
        refused = _REFUSED.search(around) and re.search(OTHERS, around)
        if not s.under & RIGHTS_KINDS and (refused or "third_party" in s.under):
            yield from ((s, case) for case in CASES.split(found["cases"]) if case)


# Cases that stand one after the other: `Aの場合、Bがあった場合を除き`.
CASES: Final = re.compile(r"(?:場合|とき)(?:や|と|、|又は|及び|若しくは|並びに|・)+")
# Cases told in prose before what is done in them: 照会があった場合には、情報を提供することがあります.
_IN_PROSE: Final = re.compile(
    rf"(?P<cases>[^。]{{2,160}}(?:場合|とき))(?:に)?(?:は)?、?[^。、]{{0,30}}{GIVE}(?:する|す|を行う)?(?:こと|場合)(?:が|も)(?:あり|ござ|ある)"
)
# The same with consent that is not asked for; what is then done is no refusal.
_UNASKED: Final = re.compile(
    rf"(?P<cases>[^。]{{2,160}}(?:場合|とき))(?:に)?(?:は|、)+[^。]{{0,30}}?{WITHOUT_CONSENT}(?:に|で)?[^。]{{0,60}}{GIVE}"
    r"(?:する|す|を行う|いたし|し)?(?:こと|場合|もの|ます|得る|可能)?(?:が|も|と)?(?:あり(?!ません)|ござ(?!いません)|ある|でき(?!ません|ない)|します|する)?(?P<end>[^。、]{0,8})"
)


def told(read: Reading) -> Iterator[tuple[Sentence, str]]:
    """Exceptions that prose tells, with the subject of the sentence before them."""
    for s in read.saying(_IN_PROSE, "third_party"):
        found = _IN_PROSE.search(s.text)
        if found and not re.search(rf"{NOT}|{WITHOUT_CONSENT}", s.text):
            yield s, found["cases"]


def unasked(read: Reading) -> Iterator[tuple[Sentence, str]]:
    """Cases in which prose says that consent is not asked for, one by one."""
    for s in read.saying(_UNASKED):
        found = _UNASKED.search(s.text)
        if found is None or _ANNOUNCES.search(found["cases"]):
            continue
        done = s.text[found.end("cases") :]
        if not re.search(rf"{GIVE}[^。]{{0,20}}{NOT}", done) and not _ASIDE.search(done):
            yield from ((s, case) for case in CASES.split(found["cases"]) if case)
