"""The answer to whoever asks for the records of what was given to others about them.

The law owes records of provision to third parties. The policy keeps records of entrustment, too, which the law does not
owe: they are shown apart, and the page says so. That nothing was given is an answer as well.

Clauses: 4.1, 4.2, 6.
Law: APPI Art. 29(1), APPI Art. 33(5).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from chikai import clock
from chikai.policy import kept
from chikai.rights.answers import Answer, Section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chikai.policy.document import Document

_COLUMNS: Final = (
    ("on", "日"),
    ("recipient", "提供先"),
    ("items", "情報の項目"),
    ("why", "理由"),
    ("basis", "根拠"),
    ("service", "サービス"),
)
_OWED: Final = "法律が記録を求めている、第三者への提供です。"
_KEPT: Final = "法律が求めるものではありませんが、ポリシーのお約束により残している記録です。"


def given(policy: Document, records: Sequence[Mapping[str, Any]]) -> Answer:
    """What the records say; each has `on`, `recipient`, `name`, `items`, `why`, `basis`, `service` and `owed`."""
    owed = [row for row in records if row["owed"]]
    beside = [row for row in records if not row["owed"]]
    lead = (
        f"あなたの情報をほかにお渡しした記録は、{len(records):,}件あります。"
        if records
        else "あなたの情報をほかにお渡しした記録はありません。記録は3年間残します。"
    )
    sections = (
        Section(
            "provided",
            "第三者に提供した記録",
            _COLUMNS,
            tuple(_row(policy, row) for row in owed),
            empty="ありません。",
            note=_OWED,
        ),
        Section(
            "entrusted",
            "そのほかにお渡しした記録",
            _COLUMNS,
            tuple(_row(policy, row) for row in beside),
            empty="ありません。",
            note=_KEPT,
        ),
    )
    return Answer("disclose_records", "お渡しした記録の開示", (lead,), sections)


def _row(policy: Document, row: Mapping[str, Any]) -> tuple[str | tuple[str, ...], ...]:
    service = policy.service(row["service"])
    words: Mapping[Any, Any] = kept.RECIPIENTS
    basis = words.get(row["basis"])
    return (
        clock.written(date.fromisoformat(row["on"])),
        str(row["name"].get("ja") or row["recipient"]),
        tuple(_item(policy, item) for item in row["items"]),
        str(row["why"].get("ja") or ""),
        basis.ja if basis else row["basis"],
        service.name.ja if service else row["service"],
    )


def _item(policy: Document, item: str) -> str:
    found = policy.category(item)
    return found.name.ja if found else item
