"""The first policy of a new company: the usual clauses in neutral words, with its own names filled in.

What only the company can say stands as 【要記入：…】 in both files; the lint counts each one left as an error.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from chikai.policy import load, write
from chikai.policy.document import Clause, Controller, Desk, Document, Right, Service, Text

PATTERN: Final = Path(__file__).parent / "skeleton"
NO_DESK: Final = Desk()
NO_TEXT: Final = Text()


def make(
    folder: Path,
    *,
    name: Text,
    desk: Desk = NO_DESK,
    address: Text = NO_TEXT,
    representative: Text = NO_TEXT,
    service: Text = NO_TEXT,
    identity: Text = NO_TEXT,
    overwrite: bool = False,
) -> Document:
    """Write the policy folder of a new company and return its document.

    What is left empty stays marked in the prose. A desk without address has the company's. Raises BadInput where a
    policy stands already.
    """
    desk = desk if desk.address != NO_TEXT else replace(desk, address=address)
    mail = Text(desk.mail, desk.mail)
    filled = {
        Text("【要記入：会社名】", "【要記入：company name】"): name,
        Text("【要記入：代表者の氏名】", "【要記入：name of the representative】"): representative,
        Text("【要記入：サービス名】", "【要記入：name of the service】"): service,
        Text("【要記入：窓口の名前】", "【要記入：name of the desk】"): desk.name,
        Text("【要記入：住所】", "【要記入：address】"): desk.address,
        Text("【要記入：メールアドレス】", "【要記入：e-mail address】"): mail,
        Text("【要記入：本人確認の方法】", "【要記入：how identity is checked】"): identity,
    }
    pattern = load.read(PATTERN).document
    document = replace(
        pattern,
        controller=Controller(
            _fill(pattern.controller.name, filled), "company", address, representative, desk
        ),
        services=tuple(_service(item, filled) for item in pattern.services),
        rights=tuple(_right(item, identity) for item in pattern.rights),
        clauses=tuple(_clause(item, filled) for item in pattern.clauses),
    )
    write.folder(document, folder, overwrite=overwrite)
    return document


def _fill(text: Text, filled: dict[Text, Text]) -> Text:
    """Put the company's words in the marked places; a language that has none takes the other's."""
    ja, en = text.ja, text.en
    for mark, words in filled.items():
        if words != NO_TEXT:
            ja = ja.replace(mark.ja, words.in_("ja"))
            en = en.replace(mark.en, words.in_("en"))
    return Text(ja, en)


def _service(service: Service, filled: dict[Text, Text]) -> Service:
    return replace(service, name=_fill(service.name, filled))


def _right(right: Right, identity: Text) -> Right:
    # A setting is changed by whoever is signed in; nothing more is asked.
    return right if right.kind == "suspend" else replace(right, identity=identity)


def _clause(clause: Clause, filled: dict[Text, Text]) -> Clause:
    return replace(clause, heading=_fill(clause.heading, filled), body=_fill(clause.body, filled))
