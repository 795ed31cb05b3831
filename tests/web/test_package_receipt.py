"""A package proves by itself that its request stands in the ledger: verified offline, without us."""

import io
import json
import zipfile

import pytest

from chikai.cli.main import main
from chikai.ledger import verify
from chikai.web import released
from chikai.web.actions import checkpoint
from chikai.web.models import Request
from chikai.web.work import engine
from tests.web import asking

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(urls):
    person = asking.settle(urls)
    checkpoint.head_file().unlink(missing_ok=True)
    return person


def package(*requests):
    engine.drain()
    for request in requests:
        asking.approve(request)
    engine.drain()
    found = []
    for request in requests:
        row = Request.objects.get(pk=request.pk)
        assert row.state == "answered"
        found.append(zipfile.ZipFile(io.BytesIO(b"".join(released.open_package(row)))))
    return found


def kinds(report):
    return [(proved.payload["kind"], proved.payload["facts"]["number"]) for proved in report.opened]


@pytest.mark.clause("6")
@pytest.mark.parametrize("kind", ["disclose", "notify_purpose", "disclose_records"])
def test_a_package_holds_the_receipt_of_its_request(her, kind, tmp_path):
    request = asking.ask(her, kind=kind)
    (archive,) = package(request)
    manifest = json.loads(archive.read("manifest.json"))
    data = archive.read("ledger/receipt.txt")
    report = verify.verify_receipt(data)
    assert {number for _, number in kinds(report)} == {request.number}
    assert {"rights.opened", "rights.gathered", "rights.approved"} <= {k for k, _ in kinds(report)}
    assert manifest["ledger"]["receipt"] == "ledger/receipt.txt"
    assert manifest["ledger"]["entries"] == len(report.opened)
    assert "ledger/receipt.txt" in {file["name"] for file in manifest["files"]}
    assert "ledger/receipt.txt" in archive.read("index.html").decode()
    file = tmp_path / "receipt.txt"
    file.write_bytes(data)
    assert main(["verify", str(file)]) == 0


def test_each_of_several_packages_proves_its_own_request(her, urls):
    other = asking.more_people(urls, 1)[0]
    requests = [asking.ask(her), asking.ask(other)]
    for request, archive in zip(requests, package(*requests), strict=True):
        report = verify.verify_receipt(archive.read("ledger/receipt.txt"))
        assert {number for _, number in kinds(report)} == {request.number}


def test_a_ledger_that_cannot_be_signed_keeps_no_copy_back(her):
    request = asking.ask(her)
    engine.drain()
    checkpoint.head_file().parent.mkdir(exist_ok=True)
    checkpoint.head_file().write_text("somebody else's head\n")
    (archive,) = package(request)
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["ledger"] is None
    assert "ledger/receipt.txt" not in archive.namelist()
    assert "ledger/receipt.txt" not in archive.read("index.html").decode()
