"""The rules of the lint, one function each, by what they look at; importing this fills the table of rules."""

from chikai.policy.rules import (
    anonymised,
    categories,
    changes,
    dated,
    disclosed,
    exceptions,
    fees,
    measures,
    numbering,
    partners,
    procedure,
    promised,
    provision,
    purposes,
    references,
    rights,
    terms,
)
from chikai.policy.rules.rule import RULES, Rule

__all__ = [
    "RULES",
    "Rule",
    "anonymised",
    "categories",
    "changes",
    "dated",
    "disclosed",
    "exceptions",
    "fees",
    "measures",
    "numbering",
    "partners",
    "procedure",
    "promised",
    "provision",
    "purposes",
    "references",
    "rights",
    "terms",
]
