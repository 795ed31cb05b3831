"""3: from a standard in a file to the public register, by the commands that an officer types."""

import pytest
from django.conf import settings

from chikai.cli.main import main
from tests.clause import care

pytestmark = [pytest.mark.own_state, pytest.mark.clause("3")]


def typed(capsys, *words):
    code = main(["--home", str(settings.HOME.path), *words])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_commands_lead_from_the_standard_to_the_register(balus, capsys):
    assert typed(capsys, "anonymise", "show") == (0, "none has been made so far\n")
    code, said = typed(capsys, "anonymise", "standard", str(care.LEVII / "anonymise.toml"))
    assert (code, "usage_history" in said) == (0, True)
    assert typed(capsys, "anonymise", "release", "1")[0] != 0
    code, said = typed(capsys, "anonymise", "make", "balus-usage")
    assert (code, "not on the register yet" in said) == (0, True)
    assert typed(capsys, "anonymise", "release", "1")[0] == 4
    assert typed(capsys, "anonymise", "publish", "1")[0] == 0
    assert typed(capsys, "anonymise", "release", "1")[0] == 0
    code, said = typed(capsys, "anonymise", "show")
    assert (code, "released" in said) == (0, True)
    for word in ("quarter", "month", "k=", "ladder"):
        assert word not in said


def test_a_provision_by_command_needs_its_contract_first(balus, capsys):
    make = ("provision", "make", "balus", "--purpose", "billing", "--to", "aoba_payment")
    one = ("--person", str(care.person(12).pk))
    code, said = typed(capsys, *make, *one)
    assert (code, "no contract" in said) == (4, True)
    sign = ("provision", "contract", "aoba_payment", "--since", "2025-01-01", "--secrecy")
    assert typed(capsys, *sign)[0] == 0
    assert typed(capsys, *make, *one) == (0, "provided for 1, left out 0\n")
