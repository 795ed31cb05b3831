"""Who it was that asked, by the registrations that it was asked through."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from chikai.people.parting import own, whose

A, B, C = (UUID(int=n) for n in (1, 2, 3))
LINKS = st.frozensets(st.integers(1, 9), max_size=5)


def test_a_link_that_never_moved_is_of_who_holds_it_today():
    assert own(A, [1], []) == A


def test_a_link_that_moved_is_of_who_brought_it():
    assert own(A, [2], [(B, [2, 3])]) == B
    assert own(A, [1], [(B, [2, 3])]) == A


def test_of_several_merges_the_first_says_who_it_was():
    merges = [(B, [2]), (A, [1, 2])]  # B was found to be A, and A to be C
    assert own(C, [2], merges) == B
    assert own(C, [1], merges) == A
    assert own(C, [3], merges) == C


def test_links_of_several_say_nothing():
    assert own(A, [1, 2], [(B, [2])]) is None
    assert own(A, [], []) is None


@given(through=LINKS, back=LINKS, rest=LINKS)
def test_an_asking_is_of_the_side_that_its_links_went_to(through, back, rest):
    side = whose(through, back, rest)
    assert (side == "gone") == (bool(through & back) and not through & rest)
    assert (side == "kept") == (bool(through & rest) and not through & back)


def test_what_came_through_nothing_known_is_nobodys_for_certain():
    assert whose(None, [1], [2]) == whose([], [1], [2]) == "unknown"


def test_a_link_that_somebody_else_has_by_now_does_not_say_who_asked():
    assert whose([3], [1], [2]) == "unknown"
