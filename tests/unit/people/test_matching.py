"""Who is the same person: the rule, its exceptions, and what holds of every group of links."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from chikai.people.matching import PAIRS_SHOWN, Claim, Doubt, is_believed, join, judge

KANA, BALUS, SHOP = ("kana", "accounts"), ("balus", "users"), ("shop", "buyers")
TARO, HANAKO = b"taro", b"hanako"


def claim(link, place=KANA, *, verified=True, name=TARO, person=None, new=True):
    return Claim(link, place, str(link), verified, name, person or f"p{link}", new)


def links(verdict):
    return [tuple(c.link for c in same) for same in verdict.same]


def test_an_address_proved_in_two_services_makes_one_person():
    assert links(judge([claim(2, BALUS), claim(1, KANA)])) == [(2, 1)]


def test_an_address_proved_in_one_service_only_is_a_doubt():
    verdict = judge([claim(1), claim(2, BALUS, verified=False)])
    assert verdict.same == ()
    assert verdict.doubts == (Doubt("unverified", 1, 2),)


def test_an_address_that_nobody_proved_is_a_doubt():
    verdict = judge([claim(1, verified=False), claim(2, BALUS, verified=False)])
    assert verdict.same == ()
    assert [d.reason for d in verdict.doubts] == ["unverified"]


def test_a_mailbox_that_two_keys_of_one_table_proved_joins_nobody():
    verdict = judge([claim(1), claim(2), claim(3, BALUS)])
    assert verdict.same == ()
    assert {d.reason for d in verdict.doubts} == {"shared_mailbox"}


def test_names_that_disagree_are_a_doubt():
    verdict = judge([claim(1, name=TARO), claim(2, BALUS, name=HANAKO)])
    assert verdict.same == ()
    assert verdict.doubts == (Doubt("names_differ", 1, 2),)


def test_of_three_the_two_whose_names_agree_are_joined():
    verdict = judge([claim(1), claim(2, BALUS), claim(3, SHOP, name=HANAKO)])
    assert links(verdict) == [(2, 1)]
    assert [d.reason for d in verdict.doubts] == ["names_differ"]


def test_a_missing_name_agrees_with_one_name_and_is_no_bridge_between_two():
    assert links(judge([claim(1), claim(2, BALUS, name=None)])) == [(2, 1)]
    verdict = judge([claim(1), claim(2, BALUS, name=None), claim(3, SHOP, name=HANAKO)])
    assert verdict.same == ()


def test_who_is_one_person_already_is_neither_joined_nor_doubted():
    verdict = judge([claim(1, person="p"), claim(2, person="p"), claim(3, BALUS, person="p")])
    assert verdict == judge([])


def test_an_officer_sees_some_pairs_of_a_mailbox_that_thousands_share():
    assert len(judge([claim(n) for n in range(1, 5000)]).doubts) == PAIRS_SHOWN


def test_persons_that_overlap_become_one_and_the_oldest_stays():
    joined, apart = join([{"b", "c"}, {"a", "c"}, {"x", "y"}], [])
    assert [(j.kept, j.gone) for j in joined] == [("a", ("b", "c")), ("x", ("y",))]
    assert not apart


def test_a_chain_that_would_join_two_whom_an_officer_parted_joins_nobody():
    joined, apart = join([{"a", "b"}, {"b", "c"}, {"x", "y"}], [("a", "c")])
    assert [j.kept for j in joined] == ["x"]
    assert apart == {"a", "b", "c"}


def test_a_table_that_lost_more_than_half_is_not_believed():
    assert is_believed(0, 0)
    assert is_believed(50, 100)
    assert not is_believed(49, 100)
    assert not is_believed(0, 1)


@st.composite
def groups(draw):
    """Links that carry one address; each link its own key, persons shared here and there."""
    size = draw(st.integers(0, 7))
    return [
        Claim(
            n,
            draw(st.sampled_from([KANA, BALUS, SHOP])),
            str(n),
            draw(st.booleans()),
            draw(st.sampled_from([None, TARO, HANAKO])),
            draw(st.sampled_from([f"p{n}", "p0", "p1"])),
        )
        for n in range(size)
    ]


@given(groups(), st.randoms())
def test_the_order_of_rows_does_not_matter(group, random):
    shuffled = list(group)
    random.shuffle(shuffled)
    assert judge(shuffled) == judge(group)


@given(groups())
def test_nobody_is_joined_without_a_proved_address_on_both_sides(group):
    for same in judge(group).same:
        assert all(c.verified for c in same)
        assert len({c.place for c in same}) == len(same)
        assert len({c.name for c in same} - {None}) <= 1


@given(groups())
def test_once_joined_the_rule_finds_nothing_more_to_join(group):
    after = {c.link: c.person for c in group}
    for same in judge(group).same:
        after |= {c.link: same[0].person for c in same}
    again = [Claim(c.link, c.place, c.key, c.verified, c.name, after[c.link]) for c in group]
    assert judge(again).same == ()


@given(groups())
def test_every_pair_that_was_joined_is_no_doubt(group):
    verdict = judge(group)
    doubts = {(d.a, d.b) for d in verdict.doubts}
    joined = {
        (min(a.link, b.link), max(a.link, b.link))
        for same in verdict.same
        for a, b in combinations(same, 2)
    }
    assert not doubts & joined


@given(
    st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1, max_size=3), max_size=6),
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=2),
    st.randoms(),
)
def test_joining_does_not_depend_on_the_order_and_keeps_apart_who_was_parted(sets, apart, random):
    apart = [(a, b) for a, b in apart if a != b]
    shuffled = list(sets)
    random.shuffle(shuffled)
    joined, blocked = join(sets, apart)
    assert join(shuffled, apart) == (joined, blocked)
    for one in joined:
        members = {one.kept, *one.gone}
        assert one.kept == min(members)
        assert not members & blocked
        assert not any({a, b} <= members for a, b in apart)
