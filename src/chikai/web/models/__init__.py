"""Rows and their named questions: facts, no rules."""

from chikai.web.models.installation import Installation
from chikai.web.models.ledger import Checkpoint, Entry, Log, Payload, Pending, SubjectKey, Tile
from chikai.web.models.people import Candidate, Identifier, IdentityTable, Link, Merge, Person
from chikai.web.models.policy import Edition
from chikai.web.models.sources import MapEdition, RegisterEntry
from chikai.web.models.staff import Passkey, SignInLink, Staff
from chikai.web.models.work import Job

__all__ = [
    "Candidate",
    "Checkpoint",
    "Edition",
    "Entry",
    "Identifier",
    "IdentityTable",
    "Installation",
    "Job",
    "Link",
    "Log",
    "MapEdition",
    "Merge",
    "Passkey",
    "Payload",
    "Pending",
    "Person",
    "RegisterEntry",
    "SignInLink",
    "Staff",
    "SubjectKey",
    "Tile",
]
