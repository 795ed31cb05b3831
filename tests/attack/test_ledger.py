"""Every change to an export is found, and the fault names the place; nothing honest is called a fault."""

import random
import shutil

import pytest

from chikai.errors import Forked, LedgerError, Tampered
from chikai.ledger import note, tiles, verify
from tests.unit.ledger.made import SIGNER, Ledger, ledger

SIZE = 600  # two full tiles, a partial one, and a level above


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    made = ledger(SIZE)
    folder = tmp_path_factory.mktemp("whole")
    made.export(folder)
    return made, folder


@pytest.fixture
def export(whole, tmp_path):
    folder = tmp_path / "export"
    shutil.copytree(whole[1], folder)
    return folder


def files(folder):
    return sorted(p for p in folder.rglob("*") if p.is_file())


def fault(folder, **also):
    with pytest.raises(LedgerError) as caught:
        verify.verify_folder(folder, key=SIGNER.key, **also)
    assert caught.value.where.startswith("step ")
    return caught.value


def swap_entries(folder, i, j):
    file = folder / "tile" / "entries" / "000"
    entries = tiles.unbundle(file.read_bytes())
    entries[i], entries[j] = entries[j], entries[i]
    file.write_bytes(tiles.bundle(entries))


def test_an_honest_export_is_sound(whole):
    report = verify.verify_folder(whole[1], key=SIGNER.key)
    assert (report.size, report.trusted, report.steps) == (SIZE, True, (1, 2, 3, 4, 5, 6, 7))


def test_any_changed_byte_is_found(export, long):
    dice = random.Random(7)
    places = [(f, n) for f in files(export) for n in range(f.stat().st_size)]
    for file, at in dice.sample(places, 10_000 if long else 150):
        before = file.read_bytes()
        bent = bytearray(before)
        bent[at] ^= 1 << dice.randrange(8)
        file.write_bytes(bent)
        fault(export)
        file.write_bytes(before)
    verify.verify_folder(export, key=SIGNER.key)


@pytest.mark.parametrize("how", ["drop", "cut", "longer", "empty", "folder", "link"])
def test_a_file_that_is_not_what_it_was_is_found(export, how):
    for file in files(export):
        before = file.read_bytes()
        if how == "drop":
            file.unlink()
        elif how == "cut":
            file.write_bytes(before[:-1])
        elif how == "longer":
            file.write_bytes(before + b"\n")
        elif how == "empty":
            file.write_bytes(b"")
        elif how == "folder":
            file.unlink()
            file.mkdir()
        else:
            file.unlink()
            file.symlink_to("nowhere")
        fault(export)
        if file.is_dir():
            file.rmdir()
        file.unlink(missing_ok=True)
        file.write_bytes(before)


def test_a_file_too_many_is_found(export):
    (export / "tile" / "entries" / "007").write_bytes(b"")
    assert "`tile/entries/007`" in fault(export).where


def test_two_files_that_change_places_are_found(export):
    for a, b in [("tile/0/000", "tile/0/001"), ("tile/entries/000", "tile/entries/001")]:
        one, two = (export / a).read_bytes(), (export / b).read_bytes()
        (export / a).write_bytes(two)
        (export / b).write_bytes(one)
        fault(export)
        (export / a).write_bytes(one)
        (export / b).write_bytes(two)


def test_the_fault_names_the_entry_and_the_step(export):
    swap_entries(export, 17, 18)
    found = fault(export)
    assert found.what == "entry 17 is not the one that the tile holds"
    assert found.where == "step 5, `tile/0/000`"


def test_a_swap_that_is_carried_into_the_tile_is_found_above(export):
    swap_entries(export, 17, 18)
    tile = export / "tile" / "0" / "000"
    hashes = tiles.hashes_of(tile.read_bytes())
    hashes[17], hashes[18] = hashes[18], hashes[17]
    tile.write_bytes(b"".join(hashes))
    found = fault(export)
    assert found.where == "step 6, `tile/1/000.p/2`"


def test_a_whole_history_rewritten_without_the_key_is_found(export, tmp_path):
    forged = Ledger("forged")
    for _ in range(SIZE):
        forged.add()
    forged.export(tmp_path / "forged", signer=note.Signer(SIGNER.name, b"\x01" * 32))
    found = fault(tmp_path / "forged")
    assert found.where == "step 2"
    (export / "checkpoint").read_bytes()
    shutil.copy(export / "checkpoint", tmp_path / "forged" / "checkpoint")
    shutil.copy(export / "key", tmp_path / "forged" / "key")
    assert fault(tmp_path / "forged").where.startswith("step 7")


def test_truncation_to_an_earlier_state_is_found_by_who_kept_a_later_checkpoint(whole, tmp_path):
    made, _ = whole
    ledger(SIZE - 1).export(tmp_path / "earlier")
    verify.verify_folder(tmp_path / "earlier", key=SIGNER.key)
    found = fault(tmp_path / "earlier", old=made.note())
    assert isinstance(found, Forked)
    assert found.where == "step 8"


@pytest.mark.parametrize("old", [0, 1, 255, 256, 257, 300, 512, 599, 600])
def test_an_older_checkpoint_is_held(whole, old):
    made, folder = whole
    report = verify.verify_folder(folder, key=SIGNER.key, old=made.note(size=old))
    assert report.grew_from == old
    assert 8 in report.steps


@pytest.mark.parametrize("old", [1, 256, 300, 600])
def test_a_fork_by_the_signer_itself_is_found(whole, old):
    _, folder = whole
    other = ledger(SIZE, seed="another history")
    found = fault(folder, old=other.note(size=old))
    assert isinstance(found, Forked)
    assert found.where == "step 8"


def test_a_checkpoint_of_another_log_is_no_older_one(whole):
    made, folder = whole
    other = note.Signer("other.example/ledger/1", SIGNER.seed)
    assert fault(folder, old=made.note(size=5, signer=other)).where == "step 8"


def test_a_checkpoint_that_claims_a_giant_tree_costs_nothing(export):
    text = note.Checkpoint(SIGNER.name, 10**18, b"r" * 32).text()
    (export / "checkpoint").write_bytes(SIGNER.sign(text).encode())
    found = fault(export)
    assert found.where == "step 3"


def test_an_entry_without_the_form_of_one_is_named(tmp_path):
    made = ledger(300)
    made.lines[270] = made.lines[270].replace(b"1 ", b"2 ", 1)
    made.export(tmp_path / "export")
    assert fault(tmp_path / "export").where == "step 4, entry 270"


def test_without_a_key_from_elsewhere_the_report_says_so(whole):
    assert not verify.verify_folder(whole[1]).trusted


def test_a_folder_that_is_no_export_is_named(tmp_path):
    with pytest.raises(Tampered) as caught:
        verify.verify_folder(tmp_path)
    assert caught.value.where == "step 1"
    assert caught.value.what == "there is no file `key`"
