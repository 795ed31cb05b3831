"""Only actions write, and each action returns its event."""

import ast
from pathlib import Path

import pytest

from tools import where

WEB = where.SRC / "web"
WRITES = {
    *(
        "save",
        "create",
        "bulk_create",
        "get_or_create",
        "update_or_create",
        "delete",
        "bulk_update",
    ),
    *("asave", "acreate", "abulk_create", "aget_or_create", "aupdate_or_create", "adelete"),
}
RAW = {"cursor", "raw", "execute", "executemany", "executescript", "callproc"}
MAY_WRITE = {"actions", "migrations", "work"}
# The only other writers: the engine's bookkeeping, signed-in state and caches, each with its reason.
NAMED: dict[str, str] = {
    "sql_guards.py": "sets the triggers that a migration asks for; it changes no row",
    "feed.py": "renews the freshness of an enforced database, which is no fact about anybody",
}
QUERYSETS = {
    "objects",
    "filter",
    "all",
    "exclude",
    "get_queryset",
    "queryset",
    "select_for_update",
    "using",
}


def chain(node: ast.expr) -> list[str]:
    """The names of a chain of attributes and calls: `A.objects.filter(x).update` -> A, objects, filter, update."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return [*([node.id] if isinstance(node, ast.Name) else []), *reversed(names)]


def writes(text: str) -> list[tuple[int, str]]:
    """Each call that writes rows or sends SQL: its line and its name."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, before = node.func.attr, chain(node.func.value)
        from_a_set = bool(QUERYSETS & set(before)) or bool(
            before and before[-1].endswith("queryset")
        )
        if name in WRITES or name in RAW or (name in {"update", "aupdate"} and from_a_set):
            found.append((node.lineno, name))
    return found


def other_writers() -> list[Path]:
    files = sorted(WEB.rglob("*.py")) if WEB.exists() else []
    inside = [p.relative_to(WEB) for p in files]
    return [WEB / p for p in inside if not MAY_WRITE & set(p.parts[:1]) and str(p) not in NAMED]


@pytest.mark.parametrize("path", other_writers(), ids=lambda p: str(p.relative_to(WEB)))
def test_only_actions_write(path):
    found = writes(path.read_text(encoding="utf-8"))
    lines = [
        f"{path.relative_to(where.ROOT)}:{n}: .{name}() belongs in web/actions" for n, name in found
    ]
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        "row.save()",
        "Request.objects.create(a=1)",
        "Request.objects.filter(a=1).update(b=2)",
        "self.queryset.update(b=2)",
        "connection.cursor()",
        "Request.objects.raw('x')",
        "db.execute('x')",
        "rows[0].delete()",
    ],
)
def test_a_writer_is_seen(text):
    assert writes(text)


@pytest.mark.parametrize(
    "text", ["seen.update(a)", "{}.update(a=1)", "digest.update(b'x')", "context.update(x)"]
)
def test_a_dict_is_no_writer(text):
    assert not writes(text)


def actions() -> list[Path]:
    folder = WEB / "actions"
    return (
        sorted(p for p in folder.glob("*.py") if p.name != "__init__.py") if folder.exists() else []
    )


@pytest.mark.parametrize("path", actions(), ids=lambda p: p.stem)
def test_an_action_names_who_acts_and_returns_its_event(path):
    wrong = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        marks = [chain(d)[-1:] for d in node.decorator_list]
        if ["action"] not in marks:
            continue
        returned = ast.unparse(node.returns) if node.returns else ""
        if "Event" not in returned:
            wrong.append(f"{path.name}:{node.lineno} {node.name} returns no event")
        if "by" not in {a.arg for a in (*node.args.args, *node.args.kwonlyargs)}:
            wrong.append(f"{path.name}:{node.lineno} {node.name} does not say who acts: `by`")
    assert not wrong, "\n".join(wrong)
