"""Why a use did not go on, in plain Japanese, with the clause that says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from examples.levii.services.pages import Html, markup

if TYPE_CHECKING:
    from chikai.errors import UseRefused
    from examples.levii.services.notice import Notice
    from examples.levii.services.wsgi import Problem


def problem(refused: UseRefused) -> Problem:
    """The page for a use that was refused."""
    from examples.levii.services.wsgi import Problem

    decision = refused.evidence
    if decision is None:
        return unreachable()
    held = any(reason.unit == "held" for reason in decision.reasons)  # type: ignore[attr-defined]
    body = markup(
        "<p>$text</p><p>もう一度使うには、「あなたの情報」の画面で、止めたものを戻してください。</p>"
        '<p class="small muted">プライバシーポリシー $clauses 条</p>',
        text="すべての利用が止められているか、登録の手続きがまだ終わっていません。"
        if held
        else "この情報をこの目的に使うことを、ご本人が止めています。そのため、先へ進めません。",
        clauses="・".join(sorted({r.clause for r in decision.reasons if r.clause})),  # type: ignore[attr-defined]
    )
    return Problem(403, "止められているため、使えません", body)


def unreachable() -> Problem:
    """The page when nobody can say what persons have chosen."""
    from examples.levii.services.wsgi import Problem

    return Problem(
        503,
        "いまは、お手続きを止めています",
        Html(
            "<p>あなたの設定が最新かどうかを、いまは確かめられません。"
            "止められた使い方をしてしまわないように、情報を使わずに待っています。</p>"
            "<p>何も変わっていません。少し待って、もう一度お試しください。</p>"
        ),
    )


def said(reason: object, notice: Notice) -> str:
    """One line for a list: what was stopped, and which clauses of the policy say that it may be."""
    unit, refs, clause = reason.unit, reason.refs, reason.clause  # type: ignore[attr-defined]
    names = [notice.name_of(ref) for ref in refs]
    purpose = f"{names[0]}（{notice.number_of(refs[0])}）" if refs else ""
    last = names[-1] if names else ""
    what = {
        "held": "すべての利用が止められているか、登録がまだです",
        "purpose": f"「{purpose}」への利用を、ご本人が止めています",
        "item": f"「{purpose}」の利用を、ご本人が止めています",
        "cell": f"「{last}」を「{purpose}」に使うことを、ご本人が止めています",
        "consent": f"「{last}」へ渡すことに、同意がありません",
        "may": f"「{purpose}」は登録のあとにできた目的で、まだ同意がありません",
    }.get(unit, "プライバシーポリシーが認めていません")
    return f"{what}。根拠: {notice.cited(clause)}"


def counted(found: Iterable[tuple[object, object]], notice: Notice) -> list[str]:
    """Lines such as `  3  …（2(3)-2）… keys 4, 9, 12`, the most frequent reason first."""
    by_line: dict[str, list[str]] = {}
    for key, decision in found:
        for reason in decision.reasons:  # type: ignore[attr-defined]
            by_line.setdefault(said(reason, notice), []).append(str(key))
    ordered = sorted(by_line.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [f"  {len(keys)}  {line}  [{_some(keys)}]" for line, keys in ordered]


def _some(keys: list[str]) -> str:
    shown = ", ".join(keys[:10])
    return f"{shown}, … +{len(keys) - 10}" if len(keys) > 10 else shown
