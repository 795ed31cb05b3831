"""Errors say what happened, what to do and where; one table maps them to faces."""

from chikai import errors


def family(cls):
    return {cls} | {deep for sub in cls.__subclasses__() for deep in family(sub)}


def test_every_error_has_a_status_and_an_exit_code():
    assert {cls.code for cls in family(errors.ChikaiError)} == set(errors.OUTCOMES)


def test_no_error_exits_as_if_all_went_well():
    assert all(code > 0 and status >= 400 for status, code in errors.OUTCOMES.values())


def test_an_error_reads_as_place_fault_and_remedy():
    fault = errors.PolicyError("`stop` is missing", "add `stop`", "policy.toml:41")
    assert str(fault) == "policy.toml:41: `stop` is missing\n  add `stop`"
