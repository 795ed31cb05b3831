"""Which sentences of a clause turn a promise, or begin to say that something is provided, or used for something new.

`提供しません` that becomes `提供します` says more than new wording does: what was held of persons under the promise may not be
provided or used under its opposite because a notice said so.

Law: APPI Art. 17(2), APPI Art. 18(1), APPI Art. 27(1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, get_args

from chikai.policy import marks, widened
from chikai.policy.document import LANGUAGES
from chikai.policy.pairing import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from chikai.policy.pairing import Pair, Place

Turn = Literal["promise_turned", "provision_begun", "provision_asked", "purpose_said"]
TURNS: Final[tuple[Turn, ...]] = get_args(Turn)
ALIKE: Final = 0.55  # the least likeness of two wordings of one sentence

_PARTS: Final = re.compile(r"(?<=[。．])(?![)）」』])|\n+|(?<=[.;])\s+(?=[A-Z(])")
_DONE: Final = r"(?:する|いたす|致す|し|いたし|致し|され|さ)"
_GIVEN: Final = r"(?:提供|開示|販売|売却|売り?渡|譲渡|貸与|共有|移転)"
# How a Japanese sentence refuses: at its end, or right behind the verb of a part of it.
_REFUSES: Final = re.compile(
    r"(?:ません|ない|禁じ|禁止)(?:で|もの|こと)?(?:と|を|に|が)?(?:し|いたし|致し|する|です|でし|約束し|誓約し|おり|てい)*"
    r"(?:ます|た|る|おります|しております)?(?:[(（][^()（）]*[)）])?[。．.」）)]*$"
    rf"|{_GIVEN}[^。、を]{{0,10}}?(?:せず|しないで|(?:こと|もの)(?:は|が|も)?(?:な[くい]|ありません))"
)
_HALF: Final = re.compile(r"ないよう(?:に)?[^。]{0,12}(?:努め|心が|心掛|配慮)")
_NOT: Final = re.compile(r"\b(?:not|never|no|nor|cannot|neither|\w+n['’]t)\b", re.IGNORECASE)
_NEGATION: Final = re.compile(
    r"ません|な[いく](?!し)|(?<=[せえけげてねべめれ得])ず(?=[、に。]|$)|なしに?(?=[、。])",
    re.IGNORECASE,
)
# Consent as the condition of what is done, and consent that is done without.
_CONSENT: Final = re.compile(
    r"同意[^。、]{0,8}?(?:得て|得た|得る|得ます|得まし|いただ|頂[いきく]|頂戴|取得し|受け|あ[るっり]|もらっ)|同意に(?:基づ|よ)"
    r"|同意の(?:上|うえ|下|もと|範囲)|承諾[^。、]{0,6}得"
    r"|(?:\bwith|\bupon|\bobtain\w*|\bsubject to|\bafter|\bonly if)\b[^.;]{0,40}\bconsent",
    re.IGNORECASE,
)
_UNASKED: Final = re.compile(
    r"(?:同意|承諾)[^。、]{0,10}?(?:得ず|得ない|得ること(?:は|が)?な[くし]|得なくても|なし|なく|無く|無しに|不要|要しま|必要(?:は|と)|取得せず|求めず)"
    r"|\b(?:without|regardless of|no)\b[^.;]{0,40}\bconsent",
    re.IGNORECASE,
)
_PURPOSE_LIMIT: Final = re.compile(
    r"目的[^。]{0,40}範囲|目的外|目的以外|以外の目的|\b(?:other|beyond|outside)\b[^.;]{0,30}\bpurposes?|\bwithin\b[^.;]{0,40}\b(?:purposes?|scope|it|them)\b",
    re.IGNORECASE,
)
_KEPT: Final = re.compile(
    r"(?:保[管存有持]|利用|経過)[^。]{0,20}(?:期間|年|月|日)|消去|削除|廃棄|\b(?:delet|eras|retain|retention|kept for|destroy)\w*",
    re.IGNORECASE,
)
_RIGHT: Final = re.compile(
    r"(?:開示|訂正|追加|削除|利用停止|利用の停止|消去|提供の停止|請求|求め)[^。]{0,40}(?:応じ|対応[しい]|できます|いたします|行います|行ないます|停止します|停止し)"
    r"|\b(?:access|correct\w*|delet\w*|stop\w*|request\w*)\b[^.;]{0,60}\b(?:comply|respond|may|can|will)\b",
    re.IGNORECASE,
)
_GIVES: Final = re.compile(
    rf"(?:第三者|他社|他者|提携|パートナー|グループ会社|関連会社|広告[主会事代]|外部|ブローカー|名簿業者|事業者|会社|者)[^。を]{{0,24}}?(?:に|へ|と)(?:対し(?:て)?)?、?(?:[^。]{{0,30}}を)?[^。を]{{0,10}}?{_GIVEN}(?:{_DONE}|を行|が)"
    rf"|第三者{_GIVEN}(?:を(?:行|実施|する)|{_DONE})"
    rf"|(?:個人情報|個人データ|(?:お客さ?[ま様]|利用者|会員|ユーザー|本人|取得した|収集した|当該)(?:の)?(?:個人)?(?:情報|データ)|履歴|氏名|メールアドレス|位置情報)(?:等|など)?を[^。を]{{0,24}}?{_GIVEN}(?:{_DONE}|を行)"
    r"|\b(?:provide|share|sell|disclose|transfer|rent|trade)s?\b[^.;]{0,80}\b(?:information|data|third part|partners?|advertisers?|affiliates?|brokers?)",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    rf"(?:次|以下|下記|左記)[^。]{{0,24}}(?:に|へ|と|を)[^。]*{_GIVEN}|提供(?:先|する(?:相手|第三者|者))"
    r"|\b(?:provide|share|sell|disclose|transfer)s?\b[^.;]*\b(?:following|below)",
    re.IGNORECASE,
)
_OTHERWISE: Final = re.compile(r"又は|または|若しくは|もしくは|ほか|など|等|\bor\b", re.IGNORECASE)
_WITHIN: Final = re.compile(r"範囲(?:内)?(?:で|において|に限)")
# `提供の停止を請求`, `提供を受ける`, `提供するときは`: nothing is given.
_NOT_GIVEN: Final = re.compile(
    rf"{_GIVEN}の停止|{_GIVEN}を(?:受け|停止)|から[^。]{{0,12}}{_GIVEN}(?:され|を受)|開示(?:等|の|を)?(?:請求|求め)"
    rf"|{_GIVEN}{_DONE}(?:とき|場合)に?(?:は|、)"
)
_USED: Final = re.compile(
    r"(?:ため|目的)(?:に(?!限)|で|として|、)?[^。]{0,30}?(?:利用|使用|活用|取り?扱)(?:する|し|いたし|致し|い|う|させ)"
    r"|\b(?:use|process)(?:s|d)?\b[^.;]{0,80}\b(?:for|to)\b",
    re.IGNORECASE,
)
_ONLY: Final = re.compile(r"(?:ため|目的)(?:に|で)?(?:だけ|のみ|に限)|\bonly\b|^第?[0-9条.]*$")
# An entry of a list of cases or of purposes, which says nothing by itself.
_ENTRY: Final = re.compile(
    r"(?:場合|とき|もの|こと|ため|目的|者)[。．]?$|^(?:where|when|if)\b", re.IGNORECASE
)
# `When we provide it, we tell …`: what is said is behind the comma.
_WHEN: Final = re.compile(r"^(?:when|where|if)\b.*,\s*(?=(?:we|the company)\b)", re.IGNORECASE)
_AIM: Final = re.compile(r"(.*?)(?:の|する)?(?:ため|目的)")
# What is begun to be given or withheld on persons' behalf, so that no longer doing it takes nothing from them.
_LESS: Final = re.compile(
    r"(?:提供|販売|売却|譲渡|共有|貸与|移転|利用|使用|取得|収集|送信|公開|委託|掲載|記録|保存)[^。、]{0,12}$"
    r"|\b(?:provide|share|sell|disclose|transfer|use|collect)\b",
    re.IGNORECASE,
)
_EXCEPT: Final = re.compile(
    r"^(.*?)(?:を除[いきくけ]|以外(?:に|は|の)|\bexcept\b|\bunless\b)", re.IGNORECASE
)
_SPAN: Final = re.compile(r"([0-9]+|[一二三四五六七八九十])(年|か月|ヶ月|カ月|ケ月|箇月|週間|日)")
_DAYS: Final = {"年": 365, "週間": 7, "日": 1}
_ENDLESS: Final = re.compile(r"無期限|永久|期間を定めず|indefinite", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Before:
    """What the rest of both editions says: sentences of the old one, and those of the new one that moved."""

    said: frozenset[str]
    says: frozenset[str]


def of_pairs(pairs: Sequence[Pair]) -> Mapping[Place, Turn]:
    """What each changed clause turns or begins, the gravest alone: a question asks about the whole clause."""
    if not any(pair.is_changed for pair in pairs):
        return {}
    found: dict[Place, set[Turn]] = {}
    for lang in LANGUAGES:
        old = [whole(pair.old, lang) for pair in pairs]
        new = [whole(pair.new, lang) for pair in pairs]
        beside = Before(
            *(frozenset(s for text in texts for s in sentences(text)) for texts in (old, new))
        )
        by_id = {str(pair.new.id): whole(pair.new, lang) for pair in pairs if pair.new is not None}
        for pair, was, now in zip(pairs, old, new, strict=True):
            if pair.is_changed and not pair.is_only_layout and not _is_date(pair):
                id_ = pair.place[1] or pair.place[0]
                above = sentences(by_id.get(id_.rpartition(".")[0], ""))
                lead = above[-1] if above else ""
                below = [
                    s for at, t in by_id.items() if at.startswith(f"{id_}.") for s in sentences(t)
                ]
                found.setdefault(pair.place, set()).update(
                    turns(was, now, beside, lead=lead, below=below)
                )
    return {place: next(t for t in TURNS if t in some) for place, some in found.items() if some}


def _is_date(pair: Pair) -> bool:
    return any(c is not None and c.kind == "date" for c in (pair.old, pair.new))


def sentences(text: str) -> tuple[str, ...]:
    """The sentences and list entries of a clause, without their layout and their marks."""
    found = (re.sub(r"^[-*・•]\s*", "", part.strip()) for part in _PARTS.split(text))
    return tuple(filter(None, map(_flat, found)))


def turns(
    old: str, new: str, beside: Before, *, lead: str = "", below: Collection[str] = ()
) -> frozenset[Turn]:
    """What the new words of a clause turn or begin.

    `lead` is the sentence above a clause that is an entry of a list; `below` is what the clauses below it say.
    """
    was = [s for s in sentences(old) if s not in beside.says]
    now = [s for s in sentences(new) if s not in beside.said]
    found: set[Turn] = set()
    paired: dict[str, str] = {}
    for one in was:
        like = max(now, key=lambda other: marks.likeness(one, other), default="")
        if like and marks.likeness(one, like) >= ALIKE:
            paired[like] = one
            if _turned(one, like):
                found.add("promise_turned")
        elif _lost(one, (*sentences(new), *below), beside.says):
            found.add("promise_turned")
    leads = [lead] + [s for s in sentences(new) if s in beside.said or s in paired]
    for one in now:
        found.update(_begun(one, paired.get(one, ""), [s for s in leads if s != one]))
    return frozenset(found)


def _turned(old: str, new: str) -> bool:
    """Whether two wordings of one sentence say the opposite, or the later one leaves a limit out."""
    said, says = refuses(old), refuses(new)
    if said and not says:
        return not (_PURPOSE_LIMIT.search(old) and _WITHIN.search(new))
    if says and not said and _negations(new) > _negations(old):
        done = new if _NOT.search(new) else _REFUSES.sub("", new)
        return not _LESS.search(done)
    if said and says:
        return bool(_excepted(old, new))
    if _asks(old) and not _asks(new):
        return True
    if _PURPOSE_LIMIT.search(old) and not _PURPOSE_LIMIT.search(new):
        return True
    if _KEPT.search(old) and (_days(new) > _days(old) > 0 or _ENDLESS.search(new)):
        return True
    return _negations(old) > _negations(new) and gives(new)


def _negations(sentence: str) -> int:
    return len(_NEGATION.findall(sentence)) + len(_NOT.findall(sentence))


def refuses(sentence: str) -> bool:
    """Whether a sentence says that something is not done."""
    if _NOT.search(sentence):
        return True
    return bool(_REFUSES.search(sentence)) and not _HALF.search(sentence)


def _asks(sentence: str) -> bool:
    """Whether a sentence makes consent the condition of what it says."""
    if _UNASKED.search(sentence):
        return refuses(sentence)
    return bool(_CONSENT.search(sentence))


def _only_asked(sentence: str) -> bool:
    """Whether a provision is said to be made with consent, and in no other case."""
    return _asks(sentence) and not _OTHERWISE.search(sentence)


def gives(sentence: str) -> bool:
    """Whether a sentence says that something about persons is provided, sold or shared."""
    plain = _NOT_GIVEN.sub("", _WHEN.sub("", sentence))
    return bool(_GIVES.search(plain)) and not refuses(sentence)


def _excepted(old: str, new: str) -> bool:
    """Whether a refusal has exceptions that it had not."""
    was, now = _EXCEPT.match(old), _EXCEPT.match(new)
    if now is None:
        return False
    return was is None or bool(widened.more(was[1], now[1]))


_PROMISES: Final[tuple[Callable[[str], object], ...]] = (
    lambda s: refuses(s) and re.search(_GIVEN + r"|第三者|\b(?:provide|share|sell|disclose)\b", s),
    lambda s: (
        _asks(s)
        and re.search(_GIVEN + r"|利用(?!者)|取得|\b(?:provide|share|sell|disclose|use)\b", s)
    ),
    lambda s: (
        _PURPOSE_LIMIT.search(s) and not gives(s) and (refuses(s) or re.search("範囲|within", s))
    ),
    lambda s: (
        _KEPT.search(s)
        and not _RIGHT.search(s)
        and not refuses(s)
        and re.search("ます|する|will|shall", s)
    ),
    lambda s: _RIGHT.search(s) and not refuses(s),
)


def _lost(one: str, rest: Collection[str], elsewhere: Collection[str]) -> bool:
    """Whether a sentence that went was a promise, and nothing else in the clause, or like it elsewhere, makes it."""
    one = _WHEN.sub("", one)
    if _ENTRY.search(one):
        return False
    for promises in _PROMISES:
        if promises(one):
            near = any(promises(other) for other in rest)
            far = (o for o in elsewhere if promises(o) and marks.likeness(one, o) >= ALIKE)
            if not near and next(far, None) is None:
                return True
    return False


def _begun(one: str, was: str, leads: Collection[str]) -> Iterator[Turn]:
    if gives(one):
        if not (was and gives(was)) or widened.more(was, one):
            yield "provision_asked" if _only_asked(one) else "provision_begun"
    elif not was:
        above = [lead for lead in leads if lead and _LEAD.search(lead) and not refuses(lead)]
        if above:
            yield "provision_asked" if all(map(_only_asked, above)) else "provision_begun"
    aim = _AIM.match(one)
    if _USED.search(one) and aim and not refuses(one) and not _ONLY.search(one):
        before = _AIM.match(was) if was else None
        if before is None or marks.likeness(before[1], aim[1]) < ALIKE:
            yield "purpose_said"


def _days(sentence: str) -> int:
    """The longest period that a sentence names, in days; 0 where it names none."""
    return max(
        (
            (int(n) if n.isdigit() else "一二三四五六七八九十".index(n) + 1) * _DAYS.get(unit, 30)
            for n, unit in _SPAN.findall(sentence)
        ),
        default=0,
    )


@lru_cache(maxsize=8192)
def _flat(words: str) -> str:
    """A Japanese sentence without spaces; another one with single ones."""
    if re.search(r"[ぁ-んァ-ヶ一-龠]", words):
        return marks.plain(words)
    return " ".join(words.split())
