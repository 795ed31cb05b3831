"""The made parts of docs/reference: commands, settings, errors and words, as the code has them.

`python -m tools.reference` writes them anew between two marks; what people wrote around them stays. A test compares.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "reference"
BEGIN: Final = "<!-- made by `python -m tools.reference`; edit the code instead -->"
END: Final = "<!-- end of what is made -->"


def cli() -> str:
    """Every command with its words, options and sentence."""
    from chikai.cli.main import parser

    return "\n".join(_commands(parser(), "chikai"))


def _commands(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001  argparse shows its words no other way
        if not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            continue
        says = {choice.dest: choice.help or "" for choice in action._choices_actions}  # noqa: SLF001
        for word, inner in action.choices.items():
            whole = f"{name} {word}"
            nested = any(isinstance(a, argparse._SubParsersAction) for a in inner._actions)  # noqa: SLF001
            if nested:
                yield f"## {whole}\n\n{_sentence(says[word])}\n"
                yield from _commands(inner, whole)
            else:
                yield from _command(inner, whole, says[word])


def _command(parser: argparse.ArgumentParser, name: str, says: str) -> Iterator[str]:
    actions = [a for a in parser._actions if a.dest != "help"]  # noqa: SLF001
    level = "###" if name.count(" ") > 1 else "##"
    yield f"{level} {name}\n\n```text\n{' '.join([name, *map(_usage, actions)])}\n```\n"
    yield f"{_sentence(says)}\n"
    lines = [f"- `{_long(a)}`: {a.help}" for a in actions if a.help]
    if lines:
        yield "\n".join(lines) + "\n"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if action.choices:
        return "|".join(map(str, action.choices))
    if isinstance(action.metavar, str):
        return action.metavar
    return action.dest.upper()


def _long(action: argparse.Action) -> str:
    option = action.option_strings[-1] if action.option_strings else ""
    return " ".join(filter(None, (option, _value(action))))


def _usage(action: argparse.Action) -> str:
    text = _long(action)
    if not action.option_strings:
        return {"?": f"[{text}]", "*": f"[{text} ...]"}.get(str(action.nargs), text)
    return text if action.required else f"[{text}]"


def settings() -> str:
    """Every section and key of chikai.toml, every key of a source, every variable."""
    from chikai import home
    from chikai.sources import config as sources
    from chikai.web import config

    lines = []
    for section, keys in home.SECTIONS.items():
        if keys is not None:
            lines += [f"- `[{section}]`: {', '.join(f'`{key}`' for key in sorted(keys))}"]
    for kind, names in sources._KEYS.items():  # noqa: SLF001  the one list of them
        lines += [
            f'- `[source.NAME]`, `kind = "{kind}"`: {", ".join(f"`{n}`" for n in sorted(names))}'
        ]
    lines += ["", "Variables:", ""]
    lines += [f"- `{name}`: {says}." for name, says in config.VARIABLES.items()]
    return "\n".join(lines) + "\n"


def errors() -> str:
    """Every code with its class's sentence, HTTP status and exit code."""
    from chikai import errors as all_

    lines = ["| code | says | HTTP | exit |", "|---|---|---|---|"]
    seen = set()
    for found in vars(all_).values():
        if (
            isinstance(found, type)
            and issubclass(found, all_.ChikaiError)
            and found.code not in seen
        ):
            seen.add(found.code)
            status, code = all_.OUTCOMES[found.code]
            says = (found.__doc__ or "").partition("\n")[0]
            lines.append(f"| `{found.code}` | {says} | {status} | {code} |")
    return "\n".join(lines) + "\n"


def policy() -> str:
    """The tables of the policy's format from its schema, and the kinds of content."""
    from chikai.policy import kinds, schema

    whole = schema.whole()
    lines = ["## Structure", "", "| table | key | | meaning |", "|---|---|---|---|"]
    lines += _keys("(top)", whole, tuple(k for k, v in whole["properties"].items() if _is_plain(v)))
    for name, table in whole["properties"].items():
        if not _is_plain(table):
            lines += _table(f"[{name}]" if table.get("type") != "array" else f"[[{name}]]", table)
    lines += [
        "",
        "## Kinds of content",
        "",
        KINDS,
        "",
        "| kind | 日本語 | English |",
        "|---|---|---|",
    ]
    lines += [f"| `{kind.id}` | {kind.ja} | {kind.en} |" for kind in kinds.KINDS]
    return "\n".join(lines) + "\n"


def lint() -> str:
    """Every rule of the lint with its weight, what it needs, its sentence and its articles."""
    from chikai import law
    from chikai.policy import lint as lint_

    lines = ["| rule | weight | needs | it finds | rests on |", "|---|---|---|---|---|"]
    for rule in sorted(lint_.RULES.values(), key=lambda one: one.id):
        cited = "; ".join(
            f"{a}{'' if law.is_checked(a) else ' (not checked)'}" for a in rule.articles
        )
        usual = " (usual)" if rule.usual else ""
        lines.append(
            f"| `{rule.id}` | {rule.severity}{usual} | {rule.needs} | {rule.says} | {cited} |"
        )
    return "\n".join(lines) + "\n"


KINDS: Final = (
    "A scan of a database proposes a kind for each column; the category that lists the kind is what the policy calls\n"
    "it. A kind that no category lists is one that this policy does not acquire."
)


def _is_plain(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") not in {"object", "array"} and "allOf" not in schema


def _table(name: str, schema: Mapping[str, Any]) -> list[str]:
    """The rows of one table, then those of the tables inside it."""
    inner = schema.get("items", schema)
    if "allOf" in schema:
        return [f"| `{name}` | `ja`, `en` | | {schema['description']} |"]
    plain = [k for k, v in inner["properties"].items() if v.get("type") != "object"]
    rows = [f"| `{name}` | | | {schema['description']} |", *_keys("", inner, tuple(plain))]
    for key, value in inner["properties"].items():
        if key not in plain:
            below = f"[{name.strip('[]')}.{key}]"
            if "properties" in value:
                rows += _table(below, value)
            else:
                rows.append(f"| `{below}` | | needed | {value['description']} |")
    return rows


def _keys(name: str, schema: Mapping[str, Any], keys: tuple[str, ...]) -> list[str]:
    rows = []
    for place, key in enumerate(keys):
        one = schema["properties"][key]
        says = one["description"]
        words = [f"`{word}`" for word in one.get("enum", ()) if word]
        if words and "`" not in says:
            says = f"{says}: {', '.join(words)}"
        needed = "needed" if key in schema.get("required", ()) else ""
        rows.append(f"| {name if not place else ''} | `{key}` | {needed} | {says} |")
    return rows


def glossary() -> str:
    """The product's nouns and verbs, with the word of the Act and what is never written for them."""
    from chikai.words import WORDS

    rows = [
        f"| {word.code} | {word.ja} | {word.law or '-'} | {', '.join(word.never) or '-'} |"
        for word in WORDS
    ]
    return "\n".join(("| English | Japanese | Act | never |", "|---|---|---|---|", *rows))


PAGES: Final[dict[str, Callable[[], str]]] = {
    "cli": cli,
    "settings": settings,
    "errors": errors,
    "policy": policy,
    "lint": lint,
    "glossary": glossary,
}


def put(text: str, made: str) -> str:
    """The page's text with its made part anew."""
    whole = f"{BEGIN}\n\n{made.strip()}\n\n{END}"
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: whole, text, flags=re.DOTALL)


def main() -> int:
    """Write every page anew, and the schema of the policy's format."""
    from chikai.policy import schema

    for name, make in PAGES.items():
        file = FOLDER / f"{name}.md"
        file.write_text(put(file.read_text(encoding="utf-8"), make()), encoding="utf-8")
    (FOLDER / schema.NAME).write_text(schema.text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
