"""What a folder says in one of its languages and not in the other.

A folder that is published says everything in both. The lint reads one that does not, so that whoever writes it sees
each place at once, beside what the other rules find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading

_LACKS: Final = {
    "clause": Text("条項", "clause"),
    "heading": Text("見出し", "heading"),
    "text": Text("本文", "text"),
}
_NAMES: Final = {"ja": Text("日本語", "Japanese"), "en": Text("英語", "English")}


@rule("L-LNG-01", "error", "S", often=0.05)
def says_it_in_one_language(read: Reading) -> Iterator[Seen]:
    """A clause of the folder, its heading or its text stands in one language only."""
    for half in read.halves:
        said, other = _NAMES[half.said], _NAMES["en" if half.said == "ja" else "ja"]
        what = _LACKS[half.lacks]
        yield Seen(
            f"{half.said}:{half.clause}",
            Text(
                f"条項 {half.clause} の{what.ja}が{said.ja}だけにあり、{other.ja}にありません",
                f"the {what.en} of `{half.clause}` stands in {said.en} and not in {other.en}",
            ),
            Text(
                f"{other.ja}にも書くか、{said.ja}から除いてください",
                f"write it in {other.en}, or take it out of the {said.en}",
            ),
        )
