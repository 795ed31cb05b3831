"""A policy in English is read at a basic level: its clauses, items, purposes, days, and who answers."""

from __future__ import annotations

import pytest

from chikai.policy.importing import outline_of

NUMBERED = """Privacy Policy

Last updated: March 15, 2024

Acme Software, Inc. ("we", "us" or "our") operates the Acme app. This policy explains how we handle your information.

{1}Information We Collect

We collect the following information:

- Name and email address
- Billing address

We also collect usage data and cookies when you use the app. We do not collect your precise location.

{2}How We Use Your Information

We use your information to:

(a) provide and maintain the Service;
(b) process payments; and
(c) send you service announcements.

We may also use your information to comply with legal obligations.

{3}Sharing of Information

We do not sell your personal information.

{4}Contact Us

Acme Software, Inc.
123 Market Street, San Francisco, CA 94105
Email: privacy@acme.example
Phone: +1 415-555-0100

Effective date: April 1, 2024
"""
FORMS = ["{}. ", "Section {}. ", "## {}. ", "## ", ""]


@pytest.mark.parametrize("form", FORMS)
def test_an_english_policy_is_read_however_its_headings_are_numbered(form: str) -> None:
    text = NUMBERED.format("", *(form.format(n) for n in range(1, 5)))
    found = outline_of([("p.md", text)])
    assert [(node.title, node.kind) for node in found.articles] == [
        ("Information We Collect", "items"),
        ("How We Use Your Information", "purposes"),
        ("Sharing of Information", "third_party"),
        ("Contact Us", "desk"),
    ]
    assert [one.text for one in found.items] == [
        "Name and email address",
        "Billing address",
        "usage data",
        "cookies",
    ]
    assert [one.text for one in found.purposes] == [
        "provide and maintain the Service",
        "process payments",
        "send you service announcements",
        "comply with legal obligations",
    ]
    contact = found.contact
    assert (contact.name, contact.mail) == ("Acme Software, Inc.", "privacy@acme.example")
    assert contact.address == "123 Market Street, San Francisco, CA 94105"
    assert contact.phone == "+1 415-555-0100"
    days = {day.kind: str(day.on) for day in found.days}
    assert days == {"updated": "2024-03-15", "effective": "2024-04-01"}
    assert "only some rules of the lint read English" in found.notes[0]


@pytest.mark.parametrize(
    ("said", "purposes"),
    [
        (
            "We use your data to deliver orders, to detect fraud and to send emails.",
            ["deliver orders", "detect fraud", "send emails"],
        ),
        (
            "The Company uses personal information for the following purposes: (1) shipping of products; and (2) answering inquiries.",
            ["shipping of products", "answering inquiries"],
        ),
        ("We never use your information to advertise.", []),
    ],
)
def test_what_english_sentences_use_data_for_is_read(said: str, purposes: list[str]) -> None:
    text = f"# Privacy Policy\n\n## Use of data\n\n{said}\n\n## Contact\n\na@b.example\n"
    assert [one.text for one in outline_of([("p.md", text)]).purposes] == purposes


@pytest.mark.parametrize(
    ("said", "items"),
    [
        (
            "We collect information you provide, including your full name, username and payment details.",
            ["full name", "username", "payment details"],
        ),
        (
            "When you register, we collect your name, email address and phone number.",
            ["name", "email address", "phone number"],
        ),
        ("We do not collect your location.", []),
    ],
)
def test_what_english_sentences_collect_is_read(said: str, items: list[str]) -> None:
    text = f"# Privacy Policy\n\n## What we collect\n\n{said}\n\n## Contact\n\na@b.example\n"
    assert [one.text for one in outline_of([("p.md", text)]).items] == items


GROUPED = """Privacy Policy

Kumo Games, Inc. ("we") makes games.

1. What we collect

1.1 What you give us
(a) nickname
(b) date of birth

1.2 What we record while you play
(a) advertising identifier
(b) IP address

2. Why we use it

We use the information for the following purposes:
(a) to save your progress; and
(b) to answer your questions.

3. Sharing with others

We do not give your data to third parties except where:
(a) we receive a request from a public authority.

We may disclose data to partners, who may use your data to market their own products.

4. Overseas transfers

Our partners may store your data in any country where they operate.
"""


def test_items_below_headings_of_their_own_are_read_and_what_others_get_is_none() -> None:
    outline = outline_of([("p.txt", GROUPED)])
    items = ["nickname", "date of birth", "advertising identifier", "IP address"]
    assert [one.text for one in outline.items] == items
    assert [one.text for one in outline.purposes] == [
        "to save your progress",
        "to answer your questions",
    ]


USED_BY_YOU = """Privacy Policy

Koe Inc. ("we") makes an app.

1. Information you give us

When you use the App you provide us with the following:

- your nickname
- the audio you record

2. Why we use it

We use the information described above for these purposes:

(a) to keep your account
(b) to send you news

3. Contact

koe@koe.example
"""


def test_what_is_given_when_using_an_app_is_no_purpose() -> None:
    outline = outline_of([("p.txt", USED_BY_YOU)])
    assert [one.text for one in outline.items] == ["your nickname", "the audio you record"]
    assert [one.text for one in outline.purposes] == ["to keep your account", "to send you news"]
