"""The ids of an edition go on for what is the same, and where they would come to mean something else it is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chikai.policy import carried
from chikai.policy.document import Document
from tests.unit.policy.test_counterparts import PURPOSES, imported

AD, NEW = "広告を配信するため", "新しいサービスを開発するため"
OLD = imported(purposes=("商品を発送するため", AD, "お問い合わせに回答するため"))
NEXT = imported(purposes=(NEW, "商品を発送するため", AD, "お問い合わせに回答するため"))


def ids(document: Document) -> dict[str, str]:
    return {one.name.ja: one.id for one in document.purposes}


def test_a_purpose_put_in_before_others_moves_no_id() -> None:
    made, pairs = carried.over(OLD, NEXT)
    assert ids(made) == {**ids(OLD), NEW: "purpose_4"}
    assert all(one.is_sure for one in pairs)
    assert not carried.breaks(OLD, made)


def test_what_an_import_alone_would_do_to_choices_is_told() -> None:
    told = {(one.id, one.old.ja, one.now) for one in carried.breaks(OLD, NEXT)}
    assert ("purpose_2", AD, "purpose_3") in told
    assert ("purpose_1", "商品を発送するため", "purpose_2") in told


def test_what_is_new_takes_no_id_that_an_edition_ever_had() -> None:
    made, _ = carried.over(OLD, NEXT, used={"purpose_4", "purpose_5"})
    assert ids(made)[NEW] == "purpose_6"


def test_like_words_are_one_thing_where_nobody_says_otherwise_and_are_shown_as_doubtful() -> None:
    reworded = imported(purposes=("商品を開発するため", AD, "お問い合わせに回答するため"))
    made, pairs = carried.over(OLD, reworded)
    (doubtful,) = [one for one in pairs if not one.is_sure]
    assert (doubtful.id, doubtful.old.ja if doubtful.old else "") == (
        "purpose_1",
        "商品を発送するため",
    )
    assert ids(made)["商品を開発するため"] == "purpose_1"
    apart, _ = carried.over(OLD, reworded, apart={"purpose_1"})
    assert ids(apart)["商品を開発するため"] == "purpose_4"


def test_the_same_id_under_other_words_is_told_until_a_person_says_that_it_is_the_same() -> None:
    reworded = imported(purposes=("商品を開発するため", AD, "お問い合わせに回答するため"))
    (one,) = carried.breaks(OLD, reworded)
    assert (one.id, one.is_moved) == ("purpose_1", False)
    assert not carried.breaks(OLD, reworded, same={"purpose_1"})


def test_the_same_words_under_another_id_are_never_two_things() -> None:
    every = {one.id for one in OLD.purposes}
    assert carried.breaks(OLD, NEXT, same=every)


def test_ids_go_on_in_the_uses_of_a_purpose() -> None:
    after = imported(items=("電話番号", "氏名、住所", "メールアドレス", "閲覧履歴"))
    made, _ = carried.over(imported(), after)
    named = {c.id for c in made.categories}
    assert all(set(use.categories) <= named for p in made.purposes for use in p.uses)
    assert {c.name.ja: c.id for c in imported().categories}.items() & {
        c.name.ja: c.id for c in made.categories
    }.items()


@given(st.permutations(PURPOSES), st.sets(st.sampled_from(PURPOSES), min_size=1))
def test_in_any_order_the_same_words_keep_their_id(order: list[str], kept: set[str]) -> None:
    old = imported(purposes=PURPOSES)
    new = imported(purposes=tuple(one for one in order if one in kept))
    made, _ = carried.over(old, new)
    assert ids(made).items() <= ids(old).items()
    assert not carried.breaks(old, made)
    assert carried.over(old, made)[0] == made
