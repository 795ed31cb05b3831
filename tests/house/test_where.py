"""`./dev where` finds named clauses too, says how it is asked, and ends quietly when nobody reads on."""

import subprocess
import sys

from tools import where


def test_a_named_clause_is_found_where_it_stands(capsys):
    assert where.main(["d.made"]) == 0
    assert "examples/levii/policy.toml" in capsys.readouterr().out


def test_an_empty_word_is_told_how_to_ask(capsys):
    assert where.main([""]) == 2
    assert "usage" in capsys.readouterr().err


def test_a_reader_who_has_seen_enough_sees_no_traceback():
    command = f"{sys.executable} -m tools.where | head -n 0"
    done = subprocess.run(
        command, shell=True, cwd=where.ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
