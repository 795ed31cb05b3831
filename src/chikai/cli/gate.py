"""`chikai gate`: what a service may use for a purpose and why; a decision for one person; a stop at the desk; tokens.

Clauses: 1.1, 2.1.
Law: APPI Art. 18(1).
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chikai import law
from chikai.cli import gate_desk, own, printing
from chikai.errors import UseRefused
from chikai.gate import meaning

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from chikai.cli.nouns import Nouns
    from chikai.gate.meaning import Grant, NotGranted
    from chikai.policy.document import Clause, Document, Purpose

_SENTENCE: Final = {
    "ja": re.compile(r"^.*?。", re.DOTALL),
    "en": re.compile(r"^.*?[.:;](?=\s|$)", re.DOTALL),
}
STOPS: Final = {
    "switch": ("設定で、いつでもすぐに止められます。", "by a switch, at once"),
    "ends_service": ("止めると、次のものが終わります。", "stopping it ends what it carries"),
    "law": ("法律が求めるため、止められません。", "not: a law asks for it"),
}


def add(nouns: Nouns) -> None:
    """Add the noun `gate`."""
    noun = nouns.add_parser("gate", help="what the policy lets a service use")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    why = verbs.add_parser("why", help="explain one use", allow_abbrev=False)
    why.add_argument("service", metavar="SERVICE")
    why.add_argument("purpose", metavar="PURPOSE")
    why.add_argument("--policy", type=Path, metavar="FOLDER", help="instead of the installation's")
    printing.formats(why)
    why.set_defaults(run=_why)
    gate_desk.add(verbs)


def _why(args: argparse.Namespace) -> int:
    policy = own.document(args.policy)
    answer = meaning.granted(policy, args.service, args.purpose)
    if isinstance(answer, meaning.NotGranted):
        raise refusal(policy, answer)
    if args.format == "json":
        printing.as_json(_facts(answer))
        return 0
    grant = answer
    service, purpose = grant.service.name, grant.purpose.name
    print(f"{grant.service.id} may use for {grant.purpose.id}:")
    print(
        f"  {service.in_('ja')}（{service.in_('en')}）: {purpose.in_('ja')}（{purpose.in_('en')}）"
    )
    for category in grant.categories:
        print(f"  - {category.id}: {category.name.in_('ja')}（{category.name.in_('en')}）")
    if grant.clause is not None:
        print(f"because of clause {grant.clause.number}:")
        for sentence in first_sentences(grant.clause):
            print(f"  {sentence}")
    print("how a person stops it:")
    for line in _stops(grant.purpose):
        print(f"  {line}")
    return 0


def first_sentences(clause: Clause) -> tuple[str, ...]:
    """The first sentence of a clause in Japanese and in English, where it has them."""
    found = []
    for language, text in (("ja", clause.body.ja), ("en", clause.body.en)):
        plain = " ".join(text.split()) if language == "en" else "".join(text.split())
        match = _SENTENCE[language].match(plain)
        if sentence := (match[0] if match else plain):
            found.append(sentence)
    return tuple(found)


def _stops(purpose: Purpose) -> tuple[str, ...]:
    ja, en = STOPS[purpose.stop]
    effect = purpose.stop_effect
    lines = [f"{ja}（{en}）"]
    lines += [text for text in (effect.ja, effect.en) if text]
    if purpose.law:
        try:
            lines.append(law.in_words(purpose.law, "ja"))
        except law.UnknownArticle:
            lines.append(purpose.law)  # another statute, in the policy's own words
    return tuple(lines)


def _facts(grant: Grant) -> dict[str, object]:
    return {
        "service": grant.service.id,
        "purpose": grant.purpose.id,
        "categories": [{"id": c.id, "ja": c.name.ja, "en": c.name.en} for c in grant.categories],
        "clause": grant.clause.number if grant.clause else None,
        "sentences": list(first_sentences(grant.clause)) if grant.clause else [],
        "stop": grant.purpose.stop,
        "stop_effect": {"ja": grant.purpose.stop_effect.ja, "en": grant.purpose.stop_effect.en},
        "law": grant.purpose.law or None,
    }


def refusal(policy: Document, answer: NotGranted) -> UseRefused:
    """Say that a use is not granted, and what is near it."""
    if answer.unknown == "service":
        known = [s.id for s in policy.services]
        return UseRefused(
            f"the policy has no service `{answer.service}`",
            _near(answer.service, known, "services"),
        )
    if answer.unknown == "purpose":
        purposes = [p.id for p in policy.purposes]
        return UseRefused(
            f"the policy has no purpose `{answer.purpose}`",
            _near(answer.purpose, purposes, "purposes"),
        )
    there = [p.id for p in policy.purposes if p.categories_at(answer.service)]
    others = [s.id for s in policy.services if _uses(policy, s.id, answer.purpose)]
    parts = [
        f"`{answer.service}` has {_listed(there)}"
        if there
        else f"`{answer.service}` has no use at all"
    ]
    if others:
        parts.append(f"`{answer.purpose}` is granted to {_listed(others)}")
    purpose = policy.purpose(answer.purpose)
    clause = policy.clause(purpose.clause) if purpose else None
    return UseRefused(
        f"the policy does not let `{answer.service}` use anything for `{answer.purpose}`",
        "; ".join(parts),
        f"clause {clause.number or clause.id}" if clause else "",
    )


def _uses(policy: Document, service: str, purpose: str) -> bool:
    found = policy.purpose(purpose)
    return found is not None and bool(found.categories_at(service))


def _near(word: str, known: Sequence[str], noun: str) -> str:
    near = difflib.get_close_matches(word, known, 3)
    return f"did you mean {_listed(near)}?" if near else f"its {noun} are {_listed(known)}"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
