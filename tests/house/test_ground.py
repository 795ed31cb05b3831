"""The ground holds anywhere: no address of a machine, a reason beside each exception, a bare wheel that imports."""

import re
import subprocess
import tomllib

from tools import where

ROOT = where.ROOT
# Spelt in parts, so that this file does not hold what it looks for.
HOSTS = [
    ".".join(p)
    for p in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
]
PLACES = [
    "/" + p + "/" for p in ("home/[a-z]\\w*", "root", "Users", "work/(?:main|shared)", "opt/pypi")
]
BINARY = {".png", ".woff2", ".ico", ".mo", ".ttf", ".otf", ".pdf", ".gz", ".xlsx", ".sqlite3"}


def committed() -> list[str]:
    """Every file that git holds or would hold; without git, every file outside .venv and var."""
    asked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        found = (p.relative_to(ROOT) for p in ROOT.rglob("*") if p.is_file())
        skip = {".venv", "var", ".git", "__pycache__"}
        return [str(p) for p in found if not skip & set(p.parts)]
    return [n for n in done.stdout.split("\0") if n and (ROOT / n).is_file()]


def test_no_file_names_a_registry_or_a_machine():
    bad = re.compile("|".join([*map(re.escape, HOSTS), *(rf"(?<![\w.~}}]){p}" for p in PLACES)]))
    wrong = []
    for name in committed():
        path = ROOT / name
        if path.suffix in BINARY or path == ROOT / "tests" / "house" / "test_ground.py":
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [f"{name}: {m[0]}" for m in bad.finditer(text)]
    assert not wrong, "\n".join(wrong[:20])


def test_each_ignored_rule_of_ruff_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ruff = text[text.index("[tool.ruff.lint]") : text.index("[tool.mypy]")]
    lines = [x for x in ruff.splitlines() if re.match(r'\s+"[A-Z]+\d*",', x)]
    assert lines
    assert not [x for x in lines if not re.search(r"#\s+\S.{8,}", x)]


def test_each_exception_in_the_code_has_its_reason():
    """`noqa` and `type: ignore` name their rule; they are few, and say why when it is not plain."""
    bare = re.compile(r"#\s*(?:noqa(?!:)|type:\s*ignore(?!\[))")
    wrong = [
        f"{p.relative_to(ROOT)}:{n}"
        for p in sorted(where.SRC.rglob("*.py"))
        for n, line in enumerate(p.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert not wrong


def test_locks_hold_hashes_and_no_address():
    for name in ("run.txt", "test.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        assert "://" not in text
        for entry in re.split(r"\n(?=[a-z])", text.strip()):
            assert "--hash=sha256:" in entry, entry[:60]


def test_locks_hold_what_pyproject_asks_for():
    """Whoever adds a dependency runs `requirements/lock`."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras, groups = said["project"]["optional-dependencies"], said["dependency-groups"]
    served = [*said["project"]["dependencies"], *groups["build"]]
    served += [d for e in ("server", "postgres", "mysql", "policy", "db") for d in extras[e]]
    tested = [*served, *groups["test"], *groups["lint"]]
    for lock, asked in (("run.txt", served), ("test.txt", tested)):
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        pinned = set(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==", text, re.MULTILINE))
        names = {re.split(r"[\[<>=~ ]", d)[0].lower() for d in asked} - {"chikai"}
        assert names <= pinned, f"{lock} lacks {sorted(names - pinned)}: run requirements/lock"


def test_the_dev_script_lists_every_word_it_knows():
    said = subprocess.run(
        ["sh", str(ROOT / "dev")], capture_output=True, text=True, check=True
    ).stdout
    words = re.findall(r"^\./dev (\w+)", said, re.MULTILINE)
    cases = re.findall(r"^([a-z]+)\)", (ROOT / "dev").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(words) == sorted(cases)
