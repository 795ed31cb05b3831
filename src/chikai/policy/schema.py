"""The JSON Schema of `policy.toml`: the published form of the format, from which its reference page is made.

TOML knows days and JSON does not: a day stands here as a string, `2025-02-22`, which the loader takes as well. The
schema says what a file can say by itself; that an id exists, and that both languages have the same clauses, is said by
`load`.
"""

from __future__ import annotations

import json
from typing import Any, Final

from chikai.policy import kinds, load

Schema = dict[str, Any]
ADDRESS: Final = f"urn:chikai:policy-format:{load.FORMAT}"
NAME: Final = f"policy-{load.FORMAT}.schema.json"  # of the file, and the end of its lasting address

_ID: Final[Schema] = {"type": "string", "pattern": load.ID.pattern}
_CLAUSE: Final[Schema] = {"type": "string", "minLength": 1}
_WORDS: Final[Schema] = {"$ref": "#/definitions/words"}
_BOTH: Final[Schema] = {"$ref": "#/definitions/both"}


def _with(schema: Schema, says: str) -> Schema:
    # In draft 7 a `$ref` hides its neighbours, so it stands one step lower beside a description.
    return {"description": says, **({"allOf": [schema]} if "$ref" in schema else schema)}


def _text(says: str) -> Schema:
    return {"description": says, "type": "string"}


def _word(says: str, words: tuple[str, ...]) -> Schema:
    return {"description": says, "type": "string", "enum": list(words)}


def _flag(says: str) -> Schema:
    return {"description": says, "type": "boolean"}


def _number(says: str, low: int, high: int) -> Schema:
    return {"description": says, "type": "integer", "minimum": low, "maximum": high}


def _names(says: str, item: Schema = _ID, least: int = 0) -> Schema:
    made = {"description": says, "type": "array", "items": item, "uniqueItems": True}
    return {**made, "minItems": least} if least else made


def _table(says: str, keys: Schema, needed: tuple[str, ...] = ()) -> Schema:
    made = {"description": says, "type": "object", "properties": keys}
    return {**made, "required": list(needed), "additionalProperties": False}


def _tables(says: str, keys: Schema, needed: tuple[str, ...]) -> Schema:
    return {"description": says, "type": "array", "items": _table(says, keys, needed)}


def _day(says: str) -> Schema:
    return {
        "description": says,
        "type": "string",
        "format": "date",
        "pattern": r"^\d{4}-\d{2}-\d{2}$",
    }


def whole() -> Schema:
    """The schema, draft 7."""
    top: Schema = {
        "format": {"description": f"always `{load.FORMAT}`", "const": load.FORMAT},
        "edition": {
            **_text("the name of this edition, as the company calls it"),
            "minLength": 1,
        },
        "sample": _flag("`true` marks an example, which every page says"),
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ADDRESS,
        "title": "policy.toml",
        **_table(
            "The structure of a privacy policy; its prose stands in ja.md and en.md.",
            {**top, **_people(), **_data(), **_handling()},
            ("format", "edition", "controller"),
        ),
        "definitions": {
            "words": _both("words in Japanese and English, either of which may be empty", 0),
            "both": {**_both("words in Japanese and English", 1), "required": ["ja", "en"]},
        },
    }


def _both(says: str, least: int) -> Schema:
    one = {"type": "string", "minLength": least}
    return _table(says, {"ja": one, "en": one})


def _people() -> Schema:
    desk = {
        "name": _with(_WORDS, "what the desk is called"),
        "address": _with(_WORDS, "its postal address"),
        "mail": {**_text("its mail address"), "pattern": rf"^$|{load.MAIL.pattern}"},
        "phone": _text("its telephone number"),
        "hours": _with(_WORDS, "when it is reached"),
    }
    return {
        "title": _with(
            _BOTH, "the title of the page; プライバシーポリシー / Privacy Policy where absent"
        ),
        "dates": _table(
            "days in Japan that the policy names",
            {
                "made_on": _day("when the policy was first made"),
                "updated_on": _day("when it was last updated"),
                "effective_on": _day("from when it applies"),
            },
        ),
        "controller": _table(
            "the operator: who answers for the data",
            {
                "name": _with(_WORDS, "its name; may be empty while a policy is being written"),
                "kind": _word("what it is", load.CONTROLLERS),
                "address": _with(_WORDS, "optional here; the lint asks for what the Act asks"),
                "representative": _with(_WORDS, "who represents it, by name"),
                "desk": _table("where persons turn to", desk),
            },
            ("name",),
        ),
    }


def _data() -> Schema:
    kind = {"type": "string", "enum": [kind.id for kind in kinds.KINDS]}
    category = {
        "id": _with(_ID, "the item's id"),
        "name": _with(_BOTH, "the data item, in the words of the prose"),
        "clause": _with(_CLAUSE, "the clause that names it"),
        "kinds": _names("what it covers in a database, see below", kind),
        "personal": _flag("`false` for what is no personal information by itself"),
        "special_care": _word("whether it is special-care information", load.SPECIAL),
        "open_ended": _flag("the words are open (等)"),
        "observed": _flag("nobody hands it over (logs)"),
    }
    stops = "`switch` (at once), `ends_service` (with the service) or `law`"
    purpose = {
        "id": _with(_ID, "the purpose's id"),
        "name": _with(_BOTH, "the purpose of use"),
        "clause": _with(_CLAUSE, "the clause that names it"),
        "stop": _word(f"how a person stops it: {stops}", load.STOPS),
        "stop_effect": _with(_WORDS, "what ends when a person stops it; needed unless `law`"),
        "law": _text('only with `stop = "law"`: `APPI Art. 18(3)`, or the name of another statute'),
        "third_party": _flag("data goes to third parties for it"),
        "marketing": _flag("it is marketing"),
        "uses": {
            "description": "by service, the items that it uses for this purpose; nothing else is granted",
            "type": "object",
            "propertyNames": _ID,
            "additionalProperties": _names("", least=1),
        },
    }
    service = {
        "id": _with(_ID, "the service's id"),
        "name": _with(_BOTH, "what it is called"),
        "kind": _text("free, such as `cloud`"),
    }
    return {
        "service": _tables("a service in scope", service, ("id", "name")),
        "category": _tables("a data item", category, ("id", "name", "clause")),
        "purpose": _tables("a purpose of use", purpose, ("id", "name", "clause", "stop", "uses")),
    }


def _handling() -> Schema:
    recipient = {
        "id": _with(_ID, "the recipient's id"),
        "name": _with(_BOTH, "what it is called"),
        "kind": _word("on what basis it receives data", load.RECIPIENT_KINDS),
        "clause": _with(_CLAUSE, "the clause that speaks of it"),
        "purposes": _names("for what"),
        "categories": _names("the least that is handed over"),
        "country": {**_text("ISO 3166; `JP` where absent"), "pattern": load.COUNTRY.pattern},
        "task": _with(_WORDS, "what it does"),
        "sample": _flag("invented for an example"),
    }
    right = {
        "kind": _word("which right", load.RIGHT_KINDS),
        "clause": _with(_CLAUSE, "the clause that grants it"),
        "approvals": _number("how many officers approve; never the same person twice", 0, 2),
        "fee_yen": _number("the fee in yen", 0, 1_000_000),
        "identity": _with(_WORDS, "how identity is checked"),
        "agents": _flag("whether agents are heard; `true` where absent"),
        "target_days": _number("days to the answer; 14 where absent", 1, 365),
    }
    module = {"type": "string", "pattern": load.MODULE.pattern}
    clause = {
        "id": _with(_CLAUSE, "a clause of the prose"),
        "by": _names("the modules that keep it; empty where there is no mechanism yet", module),
        "kind": _word("what it is about, where a rule must know", load.CLAUSE_KINDS),
    }
    accepted = {
        "rule": _text("the rule that found it"),
        "clause": _text("where; empty for the whole policy"),
        "reason": {
            "description": "why it is published so, in one language or both",
            "anyOf": [{"type": "string", "minLength": 1}, _WORDS],
        },
    }
    needed = ("id", "name", "kind", "clause", "purposes", "categories")
    return {
        "recipient": _tables("who receives data", recipient, needed),
        "right": _tables("a right of persons, as it is handled here", right, ("kind", "clause")),
        "clause": _tables("what the structure adds to a clause", clause, ("id",)),
        "accepted": _tables(
            "a finding of the lint to publish with; it stays listed", accepted, ("rule", "reason")
        ),
    }


def text() -> str:
    """The schema as the file that is published."""
    return json.dumps(whole(), ensure_ascii=False, indent=2) + "\n"
