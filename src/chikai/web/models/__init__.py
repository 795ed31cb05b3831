"""Rows and their named questions: facts, no rules."""

from chikai.web.models.installation import Installation
from chikai.web.models.ledger import Payload, Pending
from chikai.web.models.people import Candidate, Identifier, Link, Merge, Person
from chikai.web.models.policy import Edition
from chikai.web.models.sources import MapEdition, RegisterEntry
from chikai.web.models.staff import SignInLink, Staff
from chikai.web.models.work import Job

__all__ = [
    "Candidate",
    "Edition",
    "Identifier",
    "Installation",
    "Job",
    "Link",
    "MapEdition",
    "Merge",
    "Payload",
    "Pending",
    "Person",
    "RegisterEntry",
    "SignInLink",
    "Staff",
]
