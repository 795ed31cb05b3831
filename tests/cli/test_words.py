"""The command line reads its words without repeating secrets, and ends with codes that programs can trust."""

import os
import subprocess
import sys

import pytest

from chikai.cli.main import main
from tests.cli.conftest import LEVII, chikai


def test_why_names_categories_clause_and_the_way_to_stop(capsys):
    assert main(["gate", "why", "balus", "billing", "--policy", str(LEVII)]) == 0
    said = capsys.readouterr().out
    assert "email: メールアドレス（e-mail address）" in said
    assert "clause 2(3)-3" in said
    assert "利用料金を請求するため" in said
    assert "有料の利用は終わります。" in said


@pytest.mark.parametrize(
    ("service", "purpose", "near"),
    [
        ("balus", "biling", "did you mean `billing`?"),
        ("ballus", "billing", "did you mean `balus`?"),
        ("website", "billing", "`billing` is granted to"),
    ],
)
def test_a_use_that_is_not_granted_ends_with_4_and_names_what_is_near(
    capsys, service, purpose, near
):
    assert main(["gate", "why", service, purpose, "--policy", str(LEVII)]) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert near in said.err


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_lint_speaks_four_forms(capsys, form):
    assert main(["policy", "lint", str(LEVII), "--format", form]) == 0
    assert capsys.readouterr().out.strip()


def test_lint_ends_with_2_when_the_policy_cannot_be_published(tmp_path, capsys):
    from chikai.policy import skeleton
    from chikai.policy.document import Text

    skeleton.make(tmp_path / "p", name=Text("甲", "Ko"))
    assert main(["policy", "lint", str(tmp_path / "p")]) == 2


def test_a_folder_without_a_policy_ends_with_2(tmp_path, capsys):
    assert main(["policy", "lint", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("chikai: ")


def test_policy_build_and_html_write_pages(tmp_path, capsys):
    assert main(["policy", "build", str(LEVII), "--out", str(tmp_path / "site")]) == 0
    assert (tmp_path / "site" / "index.html").exists()
    assert main(["policy", "html", str(LEVII), "--language", "en"]) == 0
    assert "<" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["source", "add", "x", "--service", "s", "--password", "hunter2"],
        ["source", "add", "x", "--service", "s", "--pasword=hunter2"],
        ["source", "add", "x", "--service", "s", "--url", "postgresql://u:hunter2@h/d"],
        ["source", "add", "x", "--service", "s", "--url", "postgresql://u@h/d?password=hunter2"],
        ["source", "add", "x", "hunter2", "--service", "s"],
    ],
)
def test_a_password_on_the_command_line_is_refused_and_not_repeated(capsys, words):
    assert main(words) == 2
    said = capsys.readouterr()
    assert "hunter2" not in said.out + said.err
    assert said.err.startswith("chikai: ")


def test_the_refusal_of_a_password_names_the_alternative_and_the_clean_url(capsys):
    main(["source", "add", "x", "--service", "s", "--url", "postgresql://u:hunter2@h:5432/d"])
    said = capsys.readouterr().err
    assert "--password-file" in said
    assert "`postgresql://u@h:5432/d`" in said


def test_without_an_installation_it_says_so_and_ends_with_3(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHIKAI_HOME", str(tmp_path / "none"))
    for words in (["source", "list"], ["staff", "list"], ["policy", "lint"], ["migrate"]):
        assert main(words) == 3
    assert "run `chikai init`" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_an_unknown_word_ends_with_2(capsys):
    assert main(["polcy"]) == 2
    assert main([]) == 2
    assert main(["policy", "lint", "--format", "xml"]) == 2


def test_an_unexpected_fault_prints_its_kind_and_no_value(monkeypatch, capsys):
    def fall(*_, **__):
        raise RuntimeError("row 7: marker-hanako@canary.example")

    monkeypatch.setattr("chikai.cli.own.draft", fall)
    monkeypatch.delenv("CHIKAI_DEBUG", raising=False)
    assert main(["policy", "lint"]) == 1
    said = capsys.readouterr().err
    assert "RuntimeError" in said
    assert "marker" not in said
    assert "Traceback" not in said
    monkeypatch.setenv("CHIKAI_DEBUG", "1")
    assert main(["policy", "lint"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_ends_with_130(monkeypatch, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("chikai.cli.own.draft", stop)
    assert main(["policy", "lint"]) == 130


def test_a_missing_extra_is_named(monkeypatch, capsys):
    def lack(*_):
        raise ModuleNotFoundError("No module named 'django'", name="django")

    monkeypatch.setattr("chikai.cli.own.start", lack)
    assert main(["staff", "list"]) == 3
    assert "chikai[server]" in capsys.readouterr().err


def test_a_reader_that_leaves_early_is_no_fault(tmp_path):
    program = "import sys; from chikai.cli.main import main; sys.exit(main(['policy', 'html', sys.argv[1]]))"
    writer = subprocess.Popen(
        [sys.executable, "-c", program, str(LEVII)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    writer.stdout.close()
    assert writer.stderr.read() == b""
    assert writer.wait(30) == 141


@pytest.mark.parametrize(
    "words",
    [["policy", "lint", str(LEVII)], ["gate", "why", "balus", "billing", "--policy", str(LEVII)]],
)
def test_what_needs_no_server_runs_without_django(words):
    program = (
        "import sys\nfrom chikai.cli.main import main\n"
        f"code = main({words!r})\n"
        "heavy = {'django', 'sqlalchemy', 'openpyxl', 'granian'} & set(sys.modules)\n"
        "sys.exit(code or (99 if heavy else 0))"
    )
    clean = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, env=clean
    )
    assert done.returncode == 0, done.stderr


def test_every_noun_and_verb_explains_itself(tmp_path):
    said = chikai(tmp_path, "--help")
    assert said.code == 0
    for noun in (
        "init",
        "doctor",
        "policy",
        "source",
        "map",
        "gate",
        "people",
        "rights",
        "register",
        "staff",
    ):
        assert f"\n    {noun} " in said.out
