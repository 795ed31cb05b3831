"""What must hold before a policy is published: one function for each rule.

Rules read the Japanese prose, which is the company's own, and the structure. A rule says what it saw and what to do;
that no rule found anything does not say that a company complies with the law. A policy may be published with a
finding that its `[[accepted]]` table names, and the finding stays listed with that reason.

Clauses: 1.1, 8.
Law: APPI Art. 17(1), APPI Art. 32(1), APPI Art. 38(1), APPI Art. 40(1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chikai import law
from chikai.policy.document import (
    Clause,
    ClauseKind,
    Desk,
    Document,
    RightKind,
    Text,
)
from chikai.policy.findings import (
    Finding,
    Severity,
    as_github,
    as_json,
    as_sarif,
    as_text,
    blocking,
)
from chikai.policy.load import Draft

__all__ = [
    "RULES",
    "Finding",
    "Rule",
    "as_github",
    "as_json",
    "as_sarif",
    "as_text",
    "blocking",
    "findings",
]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule saw, before it is given its place: `at` is a clause id or another key of `Draft.places`."""

    at: str
    message: Text
    fix: Text
    quote: str = ""


Check = Callable[[Document], Iterable[Seen]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its id, how much it weighs, the article it rests on (or none) and what it looks for."""

    id: str
    severity: Severity
    article: str
    says: str
    check: Check


RULES: Final[dict[str, Rule]] = {}


def _rule(id_: str, severity: Severity, article: str = "") -> Callable[[Check], Check]:
    """Register a rule; its sentence is the function's docstring, and its article must be known."""
    if article:
        law.cite(article)

    def register(check: Check) -> Check:
        RULES[id_] = Rule(id_, severity, article, (check.__doc__ or "").partition("\n")[0], check)
        return check

    return register


def findings(draft: Draft) -> tuple[Finding, ...]:
    """Everything that the rules see, errors first, then in the order of the rules and of the document."""
    found = [
        _finding(draft, rule, seen)
        for rule in RULES.values()
        for seen in rule.check(draft.document)
    ]
    weight = {"error": 0, "warn": 1, "info": 2}
    return tuple(sorted(found, key=lambda f: weight[f.severity]))


def _finding(draft: Draft, rule: Rule, seen: Seen) -> Finding:
    # A place of the structure is no clause; the file's first line stands for what has no place.
    at = seen.at.removeprefix("en:")
    clause = "" if ":" in at or at in {"title", "controller", "desk"} else at
    why = next(
        (a.reason for a in draft.accepted if (a.rule, a.clause) == (rule.id, clause)), Text()
    )
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        clause=clause,
        place=draft.places.get(seen.at, "policy.toml:1"),
        quote=seen.quote,
        message=seen.message,
        fix=seen.fix,
        article=rule.article,
        checked=bool(rule.article) and law.cite(rule.article).checked,
        accepted=why,
    )


# One sign for one sign, so that places in the text stay what they were.
_PLAIN: Final = str.maketrans("０１２３４５６７８９（）．", "0123456789().")
_REFERENCE: Final = re.compile(
    r"(?<![\d.\-(年月])(?P<number>\d+(?:\.\d+)*(?:\(\d+\))+|\d+(?:\.\d+)*(?=において|に定め|に記載|に規定|の規定))"
    r"|第(?P<article>\d+)条(?:第?(?P<paragraph>\d+)項)?(?:第?(?P<item>\d+)号)?"
)
# `個人情報保護法第23条` is an article of an Act, not of this policy.
_OF_ANOTHER_TEXT: Final = re.compile(r"(法|法律|令|規則|条例|規約|約款|契約)[」』)）]?$")
# What the words just behind a reference say about the clause that they point to.
_EXPECTED: Final[tuple[tuple[str, ClauseKind], ...]] = (
    ("利用目的", "purposes"),
    ("第三者提供", "third_party"),
    ("情報の項目", "items"),
    ("窓口", "desk"),
    ("安全管理", "safeguards"),
)
_KIND_NAMES: Final[dict[ClauseKind, Text]] = {
    "scope": Text("適用の範囲", "scope"),
    "items": Text("情報の項目", "data items"),
    "purposes": Text("利用目的", "purposes of use"),
    "safeguards": Text("安全管理措置", "safeguards"),
    "anonymised": Text("匿名加工情報", "anonymised information"),
    "register": Text("匿名加工情報の公表", "register of anonymised information"),
    "third_party": Text("第三者提供", "provision to third parties"),
    "suspension": Text("利用停止の設定", "suspension by settings"),
    "requests": Text("請求への対応", "requests"),
    "desk": Text("窓口", "desk"),
    "change": Text("変更の手続", "changes"),
    "date": Text("日付", "dates"),
}


@dataclass(frozen=True, slots=True)
class _Reference:
    """A reference in a clause: as written, and the clause it leads to, if any."""

    inside: Clause
    written: str
    behind: str
    target: Clause | None


def _references(document: Document) -> Iterator[_Reference]:
    for clause in document.clauses:
        text = clause.body.ja.translate(_PLAIN)
        for match in _REFERENCE.finditer(text):
            if match["article"] and _OF_ANOTHER_TEXT.search(text[: match.start()]):
                continue
            written = clause.body.ja[match.start() : match.end()]
            behind = clause.body.ja[match.end() : match.end() + 16]
            yield _Reference(clause, written, behind, _target(document, match))


def _target(document: Document, match: re.Match[str]) -> Clause | None:
    if match["number"]:
        return document.clause(match["number"])
    id_ = ".".join(filter(None, (match["article"], match["paragraph"], match["item"])))
    return document.clause(id_) or document.clause(match[0])


def _kind(document: Document, clause: Clause) -> ClauseKind:
    """What a clause is about: as it says itself, as the clause above says, or as the structure shows."""
    if clause.kind:
        return clause.kind
    within = f"{clause.id}."
    shown: tuple[tuple[ClauseKind, Iterable[str]], ...] = (
        ("items", (c.clause for c in document.categories)),
        ("purposes", (p.clause for p in document.purposes)),
        ("third_party", (r.clause for r in document.recipients)),
        ("requests", (r.clause for r in document.rights)),
    )
    found = {kind for kind, ids in shown if any(f"{i}.".startswith(within) for i in ids)}
    if len(found) == 1:
        return found.pop()
    above = document.clause(clause.parent)
    return _kind(document, above) if above and not found else ""


@_rule("L-REF-01", "error")
def refers_to_no_clause(document: Document) -> Iterator[Seen]:
    """A reference points to a clause that does not exist."""
    for reference in _references(document):
        if reference.target is None:
            yield Seen(
                reference.inside.id,
                Text(
                    f"「{reference.written}」という条項はありません",
                    f"there is no clause `{reference.written}`",
                ),
                Text("正しい番号に直してください", "write the right number"),
                quote=reference.written + _clipped(reference.behind),
            )


@_rule("L-REF-02", "error")
def refers_to_another_kind(document: Document) -> Iterator[Seen]:
    """A reference points to a clause about something else than the words beside it say."""
    for reference in _references(document):
        behind, target = _clipped(reference.behind), reference.target
        expected: ClauseKind = next((kind for word, kind in _EXPECTED if word in behind), "")
        actual: ClauseKind = _kind(document, target) if target else ""
        if not target or not expected or not actual or expected == actual:
            continue
        right = next((c for c in document.clauses if c.kind == expected), None)
        kind, other = _KIND_NAMES[expected], _KIND_NAMES[actual]
        number = right.number if right else ""
        yield Seen(
            reference.inside.id,
            Text(
                f"{reference.written} は{other.ja}の条項で、{kind.ja}の条項ではありません",
                f"`{reference.written}` is about {other.en}, not {kind.en}",
            ),
            Text(f"{number} を指すように直してください", f"refer to {number}")
            if number
            else Text("正しい番号に直してください", "write the right number"),
            quote=reference.written + behind,
        )


def _clipped(behind: str) -> str:
    """The words behind a reference, up to the end of the phrase."""
    return re.split(r"[、。,，;；\n]", behind)[0]


_ANNOUNCES: Final = re.compile(
    r"(?:以下|次)の(?:とおり|通り)(?:です|とします|となります)?[。:：]?$|次の各号|下記"
)


def _sentences(text: str) -> list[str]:
    """The sentences of a text, each with its end."""
    return [s.strip() for s in re.split(r"(?<=。)|\n", text) if s.strip()]


@_rule("L-REF-03", "error")
def announces_a_list_that_is_missing(document: Document) -> Iterator[Seen]:
    """A clause ends by announcing a list or table, and none follows."""
    for clause in document.clauses:
        last = (_sentences(clause.body.ja) or [""])[-1]
        below = any(c.parent == clause.id for c in document.clauses)
        if _ANNOUNCES.search(last) and not below:
            yield Seen(
                clause.id,
                Text(
                    "「以下のとおり」とありますが、そのあとに何も書かれていません",
                    "the text announces something, and nothing follows",
                ),
                Text(
                    "一覧を書くか、ないときは「ありません」と書いてください",
                    "write the list, or that there is none",
                ),
                quote=last,
            )


_PLACEHOLDER: Final = re.compile(
    r"【要記入[^】]*】|[_＿]{4,}|[\[［](?:運営)?(?:会社名|事業者名|サービス名|住所|氏名|日付)[\]］]|[○〇●]{2,}"
)


@_rule("L-TRM-05", "error")
def holds_a_placeholder(document: Document) -> Iterator[Seen]:
    """A place that a template left open was never filled in."""
    texts = [(at, text.ja) for at, text in _structure_texts(document)]
    texts += [(at, text.en) for at, text in _structure_texts(document)]
    for clause in document.clauses:
        texts.append((clause.id, f"{clause.heading.ja}\n{clause.body.ja}"))
        texts.append((f"en:{clause.id}", f"{clause.heading.en}\n{clause.body.en}"))
    for at, words in texts:
        for mark in dict.fromkeys(_PLACEHOLDER.findall(words)):
            yield Seen(
                at,
                Text("ひな形の空欄が残っています", "a blank of the template is still open"),
                Text("この箇所を書いてください", "fill it in"),
                quote=mark,
            )


def _structure_texts(document: Document) -> Iterator[tuple[str, Text]]:
    """Every text of the structure, with its place."""
    controller, desk = document.controller, document.controller.desk
    yield "title", document.title
    for text in (controller.name, controller.address, controller.representative):
        yield "controller", text
    for text in (desk.name, desk.address, desk.hours, Text(ja=desk.mail), Text(ja=desk.phone)):
        yield "desk", text
    for service in document.services:
        yield f"service:{service.id}", service.name
    for category in document.categories:
        yield f"category:{category.id}", category.name
    for purpose in document.purposes:
        yield f"purpose:{purpose.id}", purpose.name
        yield f"purpose:{purpose.id}", purpose.stop_effect
    for recipient in document.recipients:
        yield f"recipient:{recipient.id}", recipient.name
        yield f"recipient:{recipient.id}", recipient.task
    for right in document.rights:
        yield f"right:{right.kind}", right.identity


@_rule("L-PUR-01", "error", "APPI Art. 17(1)")
def names_no_purpose(document: Document) -> Iterator[Seen]:
    """The policy names no purpose of use."""
    if not document.purposes:
        yield Seen(
            "",
            Text("利用目的がひとつもありません", "there is no purpose of use"),
            Text("利用目的を書いてください", "write the purposes, each as `[[purpose]]`"),
        )


@_rule("L-PUR-04", "error", "APPI Art. 17(1)")
def leaves_a_service_without_purpose(document: Document) -> Iterator[Seen]:
    """A service in scope has no purpose of use."""
    used = {use.service for purpose in document.purposes for use in purpose.uses}
    for service in document.services:
        if service.id not in used:
            yield Seen(
                f"service:{service.id}",
                Text(
                    f"「{service.name.ja}」のための利用目的がありません",
                    f"no purpose names the service `{service.id}`",
                ),
                Text(
                    "このサービスで何のために情報を使うかを書いてください",
                    "say for which purpose it uses information, in `[purpose.uses]`",
                ),
                quote=service.name.ja,
            )


@_rule("L-CAT-03", "warn")
def leaves_an_item_without_purpose(document: Document) -> Iterator[Seen]:
    """A data item is acquired and used for no purpose."""
    for category in document.categories:
        if not document.purposes_of(category.id):
            yield Seen(
                f"category:{category.id}",
                Text(
                    f"「{category.name.ja}」をどの目的に使うかが決まっていません",
                    f"no purpose uses the item `{category.id}`",
                ),
                Text(
                    "使う目的に加えるか、取得をやめてください",
                    "add it to the purposes that need it, or do not acquire it",
                ),
                quote=category.name.ja,
            )


@_rule("L-DIS-01", "error", "APPI Art. 32(1)")
def lacks_the_operators_name(document: Document) -> Iterator[Seen]:
    """The name of the operator stands neither in the structure nor in the prose."""
    name = document.controller.name.ja
    if not name or not any(name in clause.body.ja for clause in document.clauses):
        yield Seen(
            "controller",
            Text("事業者の名称が書かれていません", "the operator's name is missing"),
            Text("名称を書いてください", "write it in `[controller]` and in the prose"),
            quote=name,
        )


@_rule("L-DIS-03", "error", "APPI Art. 32(1)")
def lacks_the_representative(document: Document) -> Iterator[Seen]:
    """A company or association does not name its representative."""
    controller = document.controller
    if controller.kind in {"company", "association"} and not controller.representative.ja:
        yield Seen(
            "controller",
            Text(
                "代表者の氏名がありません（求めに応じて答えることもできます）",
                "the representative's name is not in the document (it may also be answered on request)",
            ),
            Text(
                "`[controller]` の `representative` に代表者の氏名を書いてください",
                "write it as `representative` in `[controller]`",
            ),
            quote=controller.name.ja,
        )


@_rule("L-DIS-07", "error", "APPI Art. 40(1)")
def lacks_a_desk_for_complaints(document: Document) -> Iterator[Seen]:
    """There is no desk that takes complaints."""
    desk = document.controller.desk
    said = any("苦情" in clause.body.ja + clause.heading.ja for clause in document.clauses)
    if desk == Desk() or not (desk.mail or desk.phone or desk.address.ja) or not said:
        yield Seen(
            "desk",
            Text("苦情の申出先がありません", "there is no place for complaints"),
            Text(
                "窓口の連絡先と、苦情を受け付けることを書いてください",
                "write the desk in `[controller.desk]`, and a clause that says that it takes complaints",
            ),
        )


_FREE_OF_CHARGE: Final[tuple[RightKind, ...]] = (
    "correct",
    "add",
    "delete",
    "suspend",
    "erase",
    "stop_provision",
)
_NAMES_A_FREE_RIGHT: Final = re.compile(r"訂正|追加|削除|利用停止|消去|提供の停止|開示等")
_NO_FEE: Final = re.compile(
    r"無料|不要|かかりません|いただきません|申し受けません|頂きません|徴収しません"
)


@_rule("L-RGT-06", "error", "APPI Art. 38(1)")
def charges_for_a_right_that_is_free(document: Document) -> Iterator[Seen]:
    """A fee is asked for a right other than notice of the purpose and disclosure."""
    fix = Text(
        "手数料は、利用目的の通知と開示だけにしてください",
        "ask a fee only for notice of the purpose and for disclosure",
    )
    for right in document.rights:
        if right.fee_yen and right.kind in _FREE_OF_CHARGE:
            yield Seen(
                f"right:{right.kind}",
                Text(
                    "手数料を取れない請求に手数料があります", f"`{right.kind}` may not cost a fee"
                ),
                fix,
                quote=f"fee_yen = {right.fee_yen}",
            )
    for clause in document.clauses:
        for sentence in _sentences(clause.body.ja):
            if "手数料" not in sentence or _NO_FEE.search(sentence):
                continue
            if not _NAMES_A_FREE_RIGHT.search(sentence):
                continue
            yield Seen(
                clause.id,
                Text(
                    "手数料を取れない請求にも手数料がかかると読めます",
                    "the text asks a fee for a right that may not cost one",
                ),
                fix,
                quote=sentence,
            )


@_rule("L-PRM-01", "info")
def has_no_mechanism(document: Document) -> Iterator[Seen]:
    """A clause has no mechanism that keeps it, neither its own nor one of the clause above."""
    for clause in document.clauses:
        if clause.body.ja and not document.kept_by(clause):
            yield Seen(
                clause.id,
                Text("この条を守るしくみがまだありません", "no mechanism keeps this clause yet"),
                Text(
                    "しくみができたら `by` に書いてください",
                    "name the mechanism in `by` when there is one",
                ),
                quote=_sentences(clause.body.ja)[0],
            )
