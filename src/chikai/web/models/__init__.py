"""Rows and their named questions: facts, no rules."""

from chikai.web.models.anonymise import AnonymisedTable, ProcessingStandard, SealedMethod
from chikai.web.models.by_hand import ByHand
from chikai.web.models.choices import (
    Choice,
    Copy,
    Delta,
    Feed,
    FeedEntry,
    Handed,
    ServiceKey,
    ToggleSet,
)
from chikai.web.models.correcting import Proposal
from chikai.web.models.inquiry import Inquiry, InquiryAnswer
from chikai.web.models.installation import Installation
from chikai.web.models.ledger import Checkpoint, Entry, Log, Payload, Pending, SubjectKey, Tile
from chikai.web.models.parted import PartedNotice, TakenBack
from chikai.web.models.people import Candidate, Identifier, IdentityTable, Link, Merge, Person
from chikai.web.models.policy import (
    Announcement,
    Edition,
    NoticeAnswer,
    NoticeMail,
    Preparation,
    PreparedNotice,
)
from chikai.web.models.portal import HandoffNonce, HeldIndex, PortalLink, PortalSession
from chikai.web.models.provision import ProvisionRecord, RegisteredContract
from chikai.web.models.restored import Order, SourceEpoch
from chikai.web.models.rights import Approval, Outbox, Request, RequestCount, Step
from chikai.web.models.rights_asked import Asked, Message, Paper, ProposedRefusal, Review, Telling
from chikai.web.models.sources import MapEdition, RegisterEntry
from chikai.web.models.staff import Passkey, SignInLink, Staff
from chikai.web.models.used import Used
from chikai.web.models.work import Job

__all__ = [
    "Announcement",
    "AnonymisedTable",
    "Approval",
    "Asked",
    "ByHand",
    "Candidate",
    "Checkpoint",
    "Choice",
    "Copy",
    "Delta",
    "Edition",
    "Entry",
    "Feed",
    "FeedEntry",
    "Handed",
    "HandoffNonce",
    "HeldIndex",
    "Identifier",
    "IdentityTable",
    "Inquiry",
    "InquiryAnswer",
    "Installation",
    "Job",
    "Link",
    "Log",
    "MapEdition",
    "Merge",
    "Message",
    "NoticeAnswer",
    "NoticeMail",
    "Order",
    "Outbox",
    "Paper",
    "PartedNotice",
    "Passkey",
    "Payload",
    "Pending",
    "Person",
    "PortalLink",
    "PortalSession",
    "Preparation",
    "PreparedNotice",
    "ProcessingStandard",
    "Proposal",
    "ProposedRefusal",
    "ProvisionRecord",
    "RegisterEntry",
    "RegisteredContract",
    "Request",
    "RequestCount",
    "Review",
    "SealedMethod",
    "ServiceKey",
    "SignInLink",
    "SourceEpoch",
    "Staff",
    "Step",
    "SubjectKey",
    "TakenBack",
    "Telling",
    "Tile",
    "ToggleSet",
    "Used",
]
