"""Editing the structure: one thing is put or taken out, and what pointed at it follows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.errors import BadInput, PolicyErrors, WrongState
from chikai.policy import edit, load, mend
from chikai.policy.document import DataCategory, Text
from tests.unit.policy.conftest import LEVII

DOCUMENT = load.read(LEVII).document


def every(noun):
    return st.sampled_from([one.id for one in edit.things(DOCUMENT, noun)])


ONE = st.sampled_from(edit.NOUNS).flatmap(lambda noun: every(noun).map(lambda id_: (noun, id_)))


@given(ONE)
def test_what_was_taken_out_is_named_nowhere(one):
    noun, id_ = one
    left = edit.without(DOCUMENT, noun, id_)
    assert edit.thing(left, noun, id_) is None
    assert len(edit.things(left, noun)) == len(edit.things(DOCUMENT, noun)) - 1
    named = {
        "service": {use.service for p in left.purposes for use in p.uses},
        "category": {c for p in left.purposes for use in p.uses for c in use.categories}
        | {c for r in left.recipients for c in r.categories},
        "purpose": {p for r in left.recipients for p in r.purposes},
        "recipient": set(),
    }
    assert id_ not in named[noun]
    assert all(use.categories for p in left.purposes for use in p.uses)


@given(ONE)
def test_a_thing_that_is_put_as_it_is_changes_nothing(one):
    noun, id_ = one
    assert edit.put(DOCUMENT, noun, edit.thing(DOCUMENT, noun, id_)) == DOCUMENT


def test_a_renamed_item_keeps_its_id_its_place_and_its_uses():
    old = DOCUMENT.categories[0]
    new = edit.put(DOCUMENT, "category", replace(old, name=Text("名前", "name")))
    assert new.categories[0].name.ja == "名前"
    assert new.purposes == DOCUMENT.purposes


def test_a_new_thing_stands_at_the_end_under_an_id_of_its_own():
    first = edit.free_id(DOCUMENT, "category")
    made = DataCategory(first, Text("趣味", "hobbies"), DOCUMENT.categories[0].clause)
    after = edit.put(DOCUMENT, "category", made)
    assert after.categories[-1] == made
    assert edit.free_id(after, "category") not in {c.id for c in after.categories}


def test_what_is_not_there_cannot_be_taken_out():
    with pytest.raises(BadInput, match="nothing"):
        edit.without(DOCUMENT, "purpose", "nothing")
    with pytest.raises(BadInput, match="nowhere"):
        edit.with_uses(DOCUMENT, "nowhere", {})


@given(st.data())
def test_the_uses_of_one_service_are_those_that_were_ticked_and_no_other_service_changes(data):
    service = data.draw(every("service"))
    items = [c.id for c in DOCUMENT.categories]
    chosen = {p.id: data.draw(st.sets(st.sampled_from(items))) for p in DOCUMENT.purposes}
    after = edit.with_uses(DOCUMENT, service, chosen)
    for was, now in zip(DOCUMENT.purposes, after.purposes, strict=True):
        assert set(now.categories_at(service)) == chosen[now.id]
        for other in DOCUMENT.services:
            if other.id != service:
                assert now.categories_at(other.id) == was.categories_at(other.id)
    unticked = {p.id for p in after.purposes if not p.uses}
    assert {p.id for p in edit.unused(after)} == unticked


def test_the_same_ticks_give_the_same_document():
    for service in DOCUMENT.services:
        chosen = {p.id: p.categories_at(service.id) for p in DOCUMENT.purposes}
        after = edit.with_uses(DOCUMENT, service.id, chosen)
        assert [{u.service: {*u.categories} for u in p.uses} for p in after.purposes] == [
            {u.service: {*u.categories} for u in p.uses} for p in DOCUMENT.purposes
        ]


@given(st.data(), st.integers(1, 40))
def test_every_box_stands_on_one_page_and_no_page_asks_more_than_it_may(data, cells):
    pages = edit.pages_of_uses(DOCUMENT, cells)
    assert all(sum(map(len, page.values())) <= cells for page in pages)
    boxes = [(p, item) for page in pages for p, items in page.items() for item in items]
    assert boxes == [(p.id, c.id) for p in DOCUMENT.purposes for c in DOCUMENT.categories]
    service, asked = data.draw(every("service")), data.draw(st.sampled_from(pages))
    emptied = edit.with_uses(DOCUMENT, service, {}, asked)
    for was, now in zip(DOCUMENT.purposes, emptied.purposes, strict=True):
        left = [c for c in was.categories_at(service) if c not in asked.get(was.id, ())]
        assert sorted(now.categories_at(service)) == sorted(left)


def copies(folder):
    return list(folder.parent.glob(f"{folder.name}-before-*"))


def test_a_change_is_written_and_a_file_with_comments_is_kept_once(levii_folder):
    before = (levii_folder / "policy.toml").read_bytes()
    prose = (levii_folder / "ja.md").read_bytes()
    draft = load.read(levii_folder)
    item = draft.document.categories[0].id
    made, kept = mend.restructure(
        levii_folder, draft.document.digest, lambda d: edit.without(d, "category", item)
    )
    assert made.document == edit.without(draft.document, "category", item)
    assert made.accepted == draft.accepted
    assert (levii_folder / "ja.md").read_bytes() == prose
    assert (kept / "policy.toml").read_bytes() == before
    again, second = mend.restructure(
        levii_folder, made.document.digest, lambda d: replace(d, edition="9")
    )
    assert again.document.edition == "9"
    assert second is None
    assert len(copies(levii_folder)) == 1


def test_a_change_for_other_files_than_these_is_refused(levii_folder):
    with pytest.raises(WrongState, match="changed"):
        mend.restructure(levii_folder, "sha256:other", lambda d: d)


def test_a_change_that_does_not_read_leaves_the_files_and_no_copy(levii_folder):
    before = (levii_folder / "policy.toml").read_bytes()
    draft = load.read(levii_folder)
    broken = replace(draft.document.categories[0], name=Text("名前だけ", ""))
    with pytest.raises(PolicyErrors):
        mend.restructure(
            levii_folder, draft.document.digest, lambda d: edit.put(d, "category", broken)
        )
    assert (levii_folder / "policy.toml").read_bytes() == before
    assert not copies(levii_folder)
