"""The headings of a policy in English say what its clauses are about, in the words of many houses."""

from __future__ import annotations

import pytest

from chikai.policy.importing import kinds, outline_of

HEADINGS = {
    "items": "Information We Collect|What information do we collect?|Types of Personal Information Collected|"
    "Categories of personal data|Data we process|Personal information we hold|INFORMATION YOU PROVIDE TO US|"
    "Article 2 (Personal Information to Be Acquired)|Acquisition of Personal Information",
    "purposes": "How We Use Your Information|Purpose of Use|Purposes of Utilization|Purposes of processing|"
    "Why we process your data|Use of Personal Information|Our use of your data|Legal basis and purposes",
    "purpose_change": "Changes to the Purpose of Use|Change of Purpose of Use",
    "third_party": "Disclosure to Third Parties|Provision of Personal Data to Third Parties|Sharing Your Information|"
    "Who we share your data with|Third-Party Disclosure|Recipients",
    "entrust": "Entrustment of Personal Data|Outsourcing|Service providers|Subcontractors|Supervision of contractors",
    "joint": "Joint Use|Shared Use|Joint Use of Personal Data",
    "foreign": "International Data Transfers|Transfers outside Japan|Provision to Third Parties in Foreign Countries",
    "security": "Security|How we protect your information|Security Control Measures|Safety Management Measures|"
    "Management of personal information",
    "retention": "Data Retention|How Long We Keep Your Data|Storage period|Retention and deletion",
    "rights": "Your Rights|Your choices|Your data protection rights|Requests for Disclosure, Correction, etc.|"
    "Disclosure, Correction and Suspension of Use|Access to and correction of your data|Rights of data subjects",
    "cookie": "Cookies|Use of Cookies|Google Analytics|Tracking technologies|Cookie Policy|Web beacons|Log data",
    "minors": "Children’s Privacy|Children's Information|Minors",
    "change": "Changes to This Policy|Amendments|Updates to this notice|Revision of the Privacy Policy|Modifications",
    "desk": "Contact Us|Questions|Inquiries|Contact for Inquiries|Complaints and Inquiries Desk|Data Protection Officer",
    "complaint": "Complaints|How to complain",
    "anonymised": "Anonymously Processed Information|Pseudonymised data|Aggregated data",
    "fee": "Fees|Fees for disclosure requests",
    "procedure": "Procedure for Requests|How to make a request|Identity verification",
    "controller": "Data Controller|Business Operator|Name and address of the operator",
    "definition": "Definitions|Interpretation",
    "scope": "Introduction|Scope|About this policy|Who we are",
    "law": "Compliance with Laws|Governing Law|Legal Basis for Processing",
    "dates": "Effective Date|Supplementary Provisions|Revision History",
}


@pytest.mark.parametrize(
    ("heading", "kind"),
    [(one, kind) for kind, listed in HEADINGS.items() for one in listed.split("|")],
)
def test_an_english_heading_says_what_its_clause_is_about(heading: str, kind: str) -> None:
    assert kinds.by_title(heading) == kind
    assert kinds.by_title(heading.upper()) == kind


BARE = """# Privacy Policy

Kita Robotics K.K. ("we") handles personal information as follows.

1. We collect your name and your email address.

2. We use the information to deliver the products you order.

3. We do not provide personal data to third parties without your consent.

4. We control access to our systems to prevent leaks.

5. You may request disclosure or correction of your data.

6. We may revise this policy.

7. For questions, write to privacy@kita.example.
"""


def test_clauses_without_headings_say_it_in_their_words() -> None:
    found = [top.kind for top in outline_of([("p.md", BARE)]).articles]
    assert found == ["items", "purposes", "third_party", "security", "rights", "change", "desk"]
