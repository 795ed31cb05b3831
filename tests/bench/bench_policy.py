"""A policy of 10,000 signs read and linted, and the longest text that is read at all, in CPU seconds against a wish.

What is longer than the longest is refused before it is read, so these lines bound every text. The longest has one
article of many short ones after the other, which is what a policy of that length would be. The last line is what a text
takes beside two and a half times one of half its length: time grows with the length alone.
"""

import time
from collections.abc import Iterator

from chikai.policy import lint
from chikai.policy.importing.files import LIMIT
from chikai.policy.importing.reading import outline_of
from tests.bench.rows import Row
from tests.policies import framed

SIGNS = 10_000
WISHED = 0.5
WISHED_LONGEST = 20.0
HALF = 100_000


def of_length(signs: int) -> str:
    """The whole policy of the lint's texts, with as many further articles as fill it."""
    text = framed.framed("", "", "")
    count, parts = text.count("\n第"), [text]
    more = "（委託）\n当社は、次の業務を委託します。\n(1) 商品の配送\n(2) 案内状の印刷\n"
    while sum(map(len, parts)) < signs and count < 100_000:
        block = "".join(f"第{n}条{more}" for n in range(count + 1, count + 101))
        parts, count = [*parts, block], count + 100
    return "".join(parts)[:signs]


def spent(text: str, runs: int) -> float:
    """The least CPU seconds of a reading with its lint."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        lint.of_text(outline_of([("policy.txt", text)]))
        times.append(time.process_time() - start)
    return min(times)


def rows() -> Iterator[Row]:
    """Seconds of CPU beside what was wished for."""
    usual = spent(of_length(SIGNS), 3)
    yield Row(
        "10,000 signs read and linted", usual, "CPU s", "wished for", WISHED, WISHED / usual, 1.0
    )
    longest = spent(of_length(LIMIT), 1)
    yield Row(
        "the longest text",
        longest,
        "CPU s",
        "wished for",
        WISHED_LONGEST,
        WISHED_LONGEST / longest,
        1.0,
    )
    half, twice = spent(of_length(HALF), 2), spent(of_length(2 * HALF), 2)
    bound = 2.5 * half
    yield Row("twice the text", twice, "CPU s", "2.5 of once", bound, bound / twice, 1.0)
