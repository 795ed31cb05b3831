"""A register is imported with a report, and a broken one changes nothing."""

import json

import pytest

pytestmark = pytest.mark.own_state
TABLE = "個人情報管理台帳,,,\r\n個人情報の名称,項目,利用目的,保管場所,謎\r\n目印名簿,氏名・マイナンバー,契約,棚,x\r\n"


def test_a_register_in_cp932_is_kept_and_what_the_policy_lacks_is_named(installed, tmp_path):
    file = tmp_path / "台帳.csv"
    file.write_bytes(TABLE.encode("cp932"))
    done = installed("register", "import", file, "--kind", "handling")
    assert done.code == 0, done.err
    assert "cp932" in done.out
    assert "`謎`" in done.out
    assert "mynumber" in done.out
    assert "目印名簿" not in done.out
    assert installed.events()[-1] == "register.imported"
    assert installed.rows("SELECT count(*) FROM register_entry") == [(1,)]


def test_a_dry_run_keeps_nothing(installed, tmp_path):
    file = tmp_path / "r.csv"
    file.write_text(TABLE, encoding="utf-8")
    done = installed(
        "register", "import", file, "--kind", "handling", "--dry-run", "--format", "json"
    )
    assert json.loads(done.out)["kept"] is False
    assert installed.rows("SELECT count(*) FROM register_entry") == [(0,)]


@pytest.mark.parametrize(
    "content", [None, b"", b"\x00\x01", b"PK\x03\x04", "氏名\n山田\n".encode("cp932")]
)
def test_a_file_that_is_no_register_ends_with_2_and_keeps_nothing(installed, tmp_path, content):
    file = tmp_path / "r.xlsx"
    if content is not None:
        file.write_bytes(content)
    before = installed.events()
    done = installed("register", "import", file, "--kind", "handling")
    assert done.code == 2
    assert done.err.startswith("chikai: ")
    assert installed.events() == before
