"""What the lint found, as people and other programs read it: text, JSON, GitHub annotations, SARIF.

A finding says which rule looked at which clause and what to do. None of these forms ever says that a company
complies with the law: a list without findings says that these rules found nothing.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from urllib.parse import quote as url_quote

from chikai import law
from chikai.policy.document import Language, Text

Severity = Literal["error", "warn", "info"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warn", "info")
SHOWN_COLUMNS: Final = 76
_WORDS: Final[Mapping[str, Text]] = {
    "error": Text("誤り", "error"),
    "warn": Text("注意", "warning"),
    "info": Text("参考", "note"),
    "accepted": Text("承知済み", "accepted"),
    "fix": Text("直し方", "fix"),
    "article": Text("条文", "article"),
    "usual": Text(
        "よくある不足（多くのポリシーにあります）", "usual gaps (most policies have them)"
    ),
    "checked": Text("公式の条文で確認済み", "checked against the official text"),
    "unchecked": Text("公式の条文では未確認", "not checked against the official text"),
    "asleep": Text("この日には施行されていません", "not in force at this date"),
    "since": Text("{}から", "since {}"),
    "foreign": Text(
        "この文章は日本語ではありません。日本語だけを読む規則は調べていません。",
        "This text is not Japanese; the rules that read Japanese only were not run.",
    ),
    "nothing": Text("これらの規則で見つかった指摘はありません。", "These rules found nothing."),
}
_GITHUB: Final = {"error": "error", "warn": "warning", "info": "notice"}
_SARIF: Final = {"error": "error", "warn": "warning", "info": "note"}


NOT_ACCEPTED: Final = Text()
USUAL: Final = 0.6
# An error that is not usual comes before every warning: 0.4 * 5 is as much as a warning nobody else has.
_WEIGHT: Final = {"error": 5.0, "warn": 2.0, "info": 1.0}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found.

    `clause` is a clause id or empty, `place` is `file:line`, `quote` the words it is about. `article` is a citation
    that `chikai.law` knows, or empty where a rule looks at the document alone; `checked` says that the citation was
    compared with the official text. `often` is the share of published policies in which the rule was seen to find
    something. `accepted` is the operator's reason for publishing with it, or empty.
    """

    rule: str
    severity: Severity
    clause: str
    place: str
    quote: str
    message: Text
    fix: Text
    article: str = ""
    checked: bool = False
    accepted: Text = NOT_ACCEPTED
    often: float = 0.0

    @property
    def articles(self) -> tuple[str, ...]:
        """The citations one by one."""
        return tuple(self.article.split("; ")) if self.article else ()

    @property
    def is_usual(self) -> bool:
        """Whether most published policies have this gap."""
        return self.often >= USUAL

    @property
    def is_accepted(self) -> bool:
        """Whether the operator gave a reason for publishing with it."""
        return self.accepted != NOT_ACCEPTED

    @property
    def file(self) -> str:
        """The file of the place."""
        return self.place.rpartition(":")[0]

    @property
    def line(self) -> int:
        """The line of the place, from 1."""
        return int(self.place.rpartition(":")[2])


@dataclass(frozen=True, slots=True)
class Asleep:
    """A rule that is not in force at the date that was asked, and the day from which it is; it was not run."""

    rule: str
    since: date


def ranked(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with what to act on first: grave and rare ones, one of each rule, then its others.

    What nearly every policy lacks comes behind, and what was accepted last.
    """
    told: Counter[str] = Counter()
    keyed = []
    for finding in found:
        again = told[finding.rule]
        told[finding.rule] += 1
        weight = _WEIGHT[finding.severity] * (1 - finding.often)
        keyed.append(((finding.is_accepted, finding.is_usual, again > 0, -weight), finding))
    return tuple(finding for _, finding in sorted(keyed, key=lambda pair: pair[0]))


def blocking(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The errors that nobody accepted: a policy is not published with them."""
    return tuple(f for f in found if f.severity == "error" and not f.is_accepted)


def as_text(
    found: Sequence[Finding],
    language: Language = "ja",
    asleep: Sequence[Asleep] = (),
    unjudged: Sequence[str] = (),
) -> str:
    """One block for each finding, a count, and what was not run: rules not in force, or for another language."""
    behind = f"{_WORDS['foreign'].in_(language)}\n" if unjudged else ""
    behind += "".join(
        f"{one.rule} {_WORDS['since'].in_(language).format(one.since)}: {_WORDS['asleep'].in_(language)}\n"
        for one in asleep
    )
    if not found:
        return _WORDS["nothing"].in_(language) + "\n" + behind
    counts = Counter("accepted" if f.is_accepted else f.severity for f in found)
    named = (
        f"{_WORDS[word].in_(language)} {counts[word]}"
        for word in (*SEVERITIES, "accepted")
        if counts[word]
    )
    own = [_block(f, language) for f in found if not f.is_usual]
    usual = [_block(f, language) for f in found if f.is_usual]
    if usual:
        usual.insert(0, f"-- {_WORDS['usual'].in_(language)}\n")
    return "\n".join([*own, *usual]) + "\n" + " / ".join(named) + "\n" + behind


def _block(finding: Finding, language: Language) -> str:
    word = _WORDS["accepted" if finding.is_accepted else finding.severity].in_(language)
    lines = [f"{finding.place} {finding.rule} {word}: {finding.message.in_(language)}"]
    if quote := clipped(" ".join(finding.quote.split())):
        lines += [f"    | {quote}", f"    | {'^' * _width(quote)}"]
    lines.append(f"    = {_WORDS['fix'].in_(language)}: {finding.fix.in_(language)}")
    for article in finding.articles:
        known = _WORDS["checked" if law.is_checked(article) else "unchecked"].in_(language)
        cited = law.in_words(article, language)
        lines.append(f"    = {_WORDS['article'].in_(language)}: {cited} [{known}]")
    if finding.is_accepted:
        lines.append(f"    = {_WORDS['accepted'].in_(language)}: {finding.accepted.in_(language)}")
    return "\n".join(lines) + "\n"


def clipped(quote: str) -> str:
    """A quote that fits a terminal: what is over is left out, and said so."""
    if _width(quote) <= SHOWN_COLUMNS:
        return quote
    kept = ""
    for sign in quote:
        if _width(kept + sign) > SHOWN_COLUMNS - 2:
            break
        kept += sign
    return f"{kept}…"


def _width(text: str) -> int:
    """Columns of a terminal: wide and full-width signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def as_json(
    found: Iterable[Finding],
    language: Language = "ja",
    asleep: Sequence[Asleep] = (),
    unjudged: Sequence[str] = (),
) -> str:
    """An object with `findings`, `not_in_force` and `not_judged`, for other programs; no article leaves nothing to check."""
    rows = [
        {
            "rule": f.rule,
            "severity": f.severity,
            "clause": f.clause,
            "file": f.file,
            "line": f.line,
            "quote": f.quote,
            "message": f.message.in_(language),
            "fix": f.fix.in_(language),
            "article": f.article or None,
            "checked": f.checked if f.article else None,
            "accepted": f.accepted.in_(language),
            "group": "usual" if f.is_usual else "own",
        }
        for f in found
    ]
    later = [{"rule": one.rule, "since": one.since.isoformat()} for one in asleep]
    all_ = {"findings": rows, "not_in_force": later, "not_judged": list(unjudged)}
    return json.dumps(all_, ensure_ascii=False, indent=2) + "\n"


def as_github(found: Iterable[Finding], folder: str = "", language: Language = "ja") -> str:
    """Workflow commands that GitHub shows beside the line; `folder` is the policy's, from the root of the repository."""
    lines = []
    for f in found:
        kind = "notice" if f.is_accepted else _GITHUB[f.severity]
        said = _escaped(f"{f.message.in_(language)} {f.fix.in_(language)}")
        file = _escaped(_path(folder, f.file), more=":,")
        lines.append(
            f"::{kind} file={file},line={f.line},title={_escaped(f.rule, more=':,')}::{said}\n"
        )
    return "".join(lines)


def _escaped(text: str, more: str = "") -> str:
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def _path(folder: str, file: str) -> str:
    return f"{folder.rstrip('/')}/{file}" if folder else file


def _listed(rule: str, found: Sequence[Finding], language: Language) -> dict[str, object]:
    """A rule in the list of a SARIF log, with the articles that its findings rest on and whether they were checked."""
    articles = {a: law.is_checked(a) for f in found if f.rule == rule for a in f.articles}
    if not articles:
        return {"id": rule}
    words = [
        f"{law.in_words(a, language)} [{_WORDS['checked' if known else 'unchecked'].in_(language)}]"
        for a, known in articles.items()
    ]
    return {
        "id": rule,
        "help": {"text": "\n".join(words)},
        "properties": {"articles": [{"article": a, "checked": c} for a, c in articles.items()]},
    }


def as_sarif(
    found: Sequence[Finding],
    folder: str = "",
    language: Language = "ja",
    asleep: Sequence[Asleep] = (),
    unjudged: Sequence[str] = (),
) -> str:
    """A SARIF 2.1.0 log with one run; accepted findings are suppressed with their reason.

    A rule carries its articles, and a finding those that it rests on, with whether they were checked. A rule that is not in force, or reads another language, is listed as one that is not enabled.
    """
    rules = sorted({f.rule for f in found})
    results: list[dict[str, object]] = []
    for f in found:
        place = {
            "artifactLocation": {"uri": url_quote(_path(folder, f.file))},
            "region": {"startLine": f.line},
        }
        result: dict[str, object] = {
            "ruleId": f.rule,
            "level": _SARIF[f.severity],
            "message": {"text": f"{f.message.in_(language)} {f.fix.in_(language)}"},
            "locations": [{"physicalLocation": place}],
        }
        if f.is_accepted:
            why = f.accepted.in_(language)
            result["suppressions"] = [{"kind": "inSource", "justification": why}]
        if f.article:
            result["properties"] = {"article": f.article, "checked": f.checked}
        results.append(result)
    listed: list[dict[str, object]] = [_listed(rule, found, language) for rule in rules]
    not_run = [
        (
            one.rule,
            f"{_WORDS['asleep'].in_(language)}: {_WORDS['since'].in_(language).format(one.since)}",
        )
        for one in asleep
    ] + [(id_, _WORDS["foreign"].in_(language)) for id_ in unjudged]
    listed += [
        {"id": id_, "shortDescription": {"text": text}, "defaultConfiguration": {"enabled": False}}
        for id_, text in not_run
    ]
    driver = {"name": "chikai policy lint", "rules": listed}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"
