"""Whose policy each part of a text is, and where the policy of another company begins.

A part is another company's where its own operator is named in no line of what stands before it, nor that one's operator
in any line of the part, and both parts speak of what policies speak of. An annex, a notice to employees or the terms of
a site name the same operator or none, and a group is one operator; where the text says nothing, it is one policy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import headed, operators, sides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.importing.lines import Line

# The name of a document stands so shortly above the words that name its operator.
_ABOVE: Final = 4
_SHORTEST: Final = 4  # no policy has fewer lines
_FIRST: Final = 8
_LAST: Final = 14
# What policies speak of; a part that speaks of fewer is none.
_SUBJECTS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"個人情報|個人データ|プライバシー|personal",
        r"ため|目的|purpose|\buse\b",
        r"第三者|提供|委託|third part|shar(?:e|ing)",
        r"開示|訂正|停止|削除|rights|access|deletion",
        r"安全|管理|漏え?い|漏洩|保護|secur",
        r"窓口|問い?合わ?せ|連絡|電話|@|contact",
    )
)
_MOST: Final = 40  # no page has more titles, and each is compared with all that stands behind it
_ENOUGH: Final = 3
_GROUP: Final = re.compile(
    r"グループ|ホールディングス|子会社|親会社|関連会社|関係会社|\bgroup\b", re.IGNORECASE
)


def begins(lines: Sequence[Line]) -> list[int]:
    """Where the policies of different companies begin; the first line alone where there is one company."""
    cuts = [0]
    for at in _candidates(lines):
        before, after = lines[cuts[-1] : at], lines[at:]
        if _is_of_group([line for line in before[-_ABOVE:] if headed.is_about(line)]):
            continue
        if len(before) >= _SHORTEST and (
            differ(before, after) or (headed.is_title(lines[at]) and _turns(before, after))
        ):
            cuts.append(at)
    return cuts


def named(documents: Sequence[Sequence[Line]]) -> tuple[str, ...]:
    """The names of the companies whose policies these documents are; empty where they are those of one."""
    found: list[Sequence[Line]] = []
    for document in documents:
        if all(differ(one, document) for one in found):
            found.append(document)
    return tuple(speaker(one) for one in found) if len(found) > 1 else ()


def differ(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether two parts are the policies of different companies."""
    names = [speaker(part) for part in (one, other)]
    if not all(names) or names[0] == names[1]:
        return False
    if not (_is_policy(one) and _is_policy(other)):
        return False
    if any(_is_of_group(part[:_FIRST]) for part in (one, other)):
        return False
    texts = [_joined(part) for part in (one, other)]
    if len({sides.is_english(part) for part in (one, other)}) > 1:
        return False  # the same company is called otherwise in another language
    return not any(word in texts[1] for word in operators.words(names[0])) and not any(
        word in texts[0] for word in operators.words(names[1])
    )


def _is_of_group(lines: Sequence[Line]) -> bool:
    return any(_GROUP.search(line.shadow) for line in lines)


def _turns(before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Whether the other language begins: a policy stands on either side."""
    turned = (
        sides.is_english(after) if sides.is_japanese(before) else sides.is_english(before)
    ) and not (sides.is_english(before) and sides.is_english(after))
    return turned and _is_policy(before) and _is_policy(after)


def speaker(part: Sequence[Line]) -> str:
    """Who speaks in a part: as its head says it, or its signature; empty where neither does."""
    head = [line for line in part if line.shadow.strip()][:_FIRST]
    for line, above in zip(head, [None, *head], strict=False):
        titled = above is not None and bool(headed.ABOUT.search(above.shadow))
        if name := operators.declared(line.shadow, titled=titled) or operators.titled(line.shadow):
            return name
    return operators.signed(part[-_LAST:]) or operators.signed(head)


def _candidates(lines: Sequence[Line]) -> list[int]:
    """The lines at which another policy may begin: titles, and those at which somebody says who speaks."""
    found: set[int] = set()
    for at, line in enumerate(lines):
        if headed.is_title(line) or (headed.is_about(line) and _is_named(lines[at : at + 3])):
            # The name may stand alone above the title, as may the signature of the policy before.
            found |= {at - 1, at} if at and operators.signed([lines[at - 1]]) else {at}
        elif operators.declared(line.shadow, titled=at > 0 and headed.is_about(lines[at - 1])):
            above = range(at - 1, max(-1, at - _ABOVE), -1)
            found |= {at, *(up for up in above if headed.is_about(lines[up]))}
    return sorted(found)[:_MOST]


def _is_named(head: Sequence[Line]) -> bool:
    """Whether a line that speaks of personal information names somebody, or a name stands alone below it."""
    return bool(operators.titled(head[0].shadow) or operators.signed(head[1:]))


def _is_policy(part: Sequence[Line]) -> bool:
    text = "\n".join(line.shadow for line in part)
    return sum(bool(form.search(text)) for form in _SUBJECTS) >= _ENOUGH


def _joined(part: Sequence[Line]) -> str:
    return "".join(re.sub(r"\s", "", line.shadow) for line in part)
