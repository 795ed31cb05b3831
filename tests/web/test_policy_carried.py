"""A stop goes on for the purpose that it was made about, whatever a second import puts in before it."""

import re
import shutil
from dataclasses import replace

import pytest
from django.conf import settings

from chikai import canon, clock
from chikai.cli.main import main
from chikai.errors import WrongState
from chikai.policy import counterparts, load, write
from chikai.policy.document import PurposeId, Text
from chikai.policy.load import Draft
from chikai.web import going_on
from chikai.web.actions import COMMAND, Actor, choices, policy_prepare
from chikai.web.actions.policy import publish_edition
from chikai.web.models import Edition, Person
from chikai.web.models.choices import Choice, with_policy
from tests.web import world

pytestmark = [pytest.mark.own_state, pytest.mark.django_db, pytest.mark.clause("5")]
PERSON = Actor("person", frozenset({"person"}))
AD, NEW = "広告を配信するため", "新しいサービスを開発するため"
PATH, PUBLISH = "/desk/policy/import", "/desk/policy/publish"


def counted(document):
    """The document with its purposes counted as an import counts them."""
    every = (document.services, document.categories, document.recipients)
    same = [{one.id: one.id for one in things} for things in every]
    purposes = {one.id: f"purpose_{at}" for at, one in enumerate(document.purposes, 1)}
    return counterparts.with_ids(document, counterparts.Ids(same[0], same[1], purposes, same[2]))


def with_purposes(document, *purposes):
    made = replace(document, recipients=(), purposes=purposes)
    return counted(made)


@pytest.fixture
def first():
    """The edition in force: its last purpose is advertising."""
    world.begin()
    base = load.read(world.EXAMPLE).document
    ad = next(p for p in base.purposes if p.stop == "switch")
    others = [p for p in base.purposes if p is not ad]
    return with_purposes(base, *others, replace(ad, name=Text(AD, "To send advertising")))


@pytest.fixture
def second(first):
    """The next import: a purpose stands before all others, so that each has the number of the one before it."""
    ad = first.purposes[-1]
    new = replace(ad, id=PurposeId("new"), name=Text(NEW, "To develop new services"))
    return with_purposes(first, new, *first.purposes)


def draft(document):
    return Draft(document, {}, load.read(world.EXAMPLE).accepted)


def stopped(person):
    """The names of the purposes that a person has stopped."""
    registry, document = with_policy()
    bits = Choice.objects.bits([person.pk]).get(person.pk, 0)
    return {
        p.name.ja
        for p in document.purposes
        if any(bits >> t.bit & 1 for t in registry.about("purpose", p.id) if t.unit == "purpose")
    }


@pytest.fixture
def person(first):
    publish_edition(COMMAND, draft(first))
    now = clock.now()
    person = Person.objects.create(id=canon.new_id(now), since=now)
    choices.stop(PERSON, person.pk, f"purpose:{first.purposes[-1].id}")
    assert stopped(person) == {AD}
    return person


def test_a_second_import_is_refused_while_a_stop_would_stand_for_another_purpose(person, second):
    with pytest.raises(
        WrongState, match="choices of persons would stand for something else"
    ) as told:
        publish_edition(COMMAND, draft(second))
    assert AD in str(told.value)
    assert "persons who chose: 1" in str(told.value)
    assert Edition.objects.count() == 1
    assert stopped(person) == {AD}


def test_under_the_ids_of_the_edition_in_force_the_stop_holds_for_the_same_purpose(person, second):
    carried, _ = going_on.under_known_ids(second)
    publish_edition(COMMAND, draft(carried))
    assert stopped(person) == {AD}
    _registry, document = with_policy()
    assert document.purpose("purpose_1").name.ja != NEW
    assert {p.name.ja for p in document.purposes} >= {AD, NEW}


def test_where_nobody_has_chosen_a_shell_may_publish_what_it_likes(first, second):
    publish_edition(COMMAND, draft(first))
    publish_edition(COMMAND, draft(second))
    assert Edition.objects.count() == 2


def test_a_purpose_in_other_words_goes_on_where_a_person_says_that_it_is_the_same(person, first):
    reworded = replace(first.purposes[-1], name=Text("広告をお届けするため", "To bring you ads"))
    anew = replace(first, purposes=(*first.purposes[:-1], reworded))
    with pytest.raises(WrongState, match="names `広告をお届けするため`"):
        publish_edition(COMMAND, draft(anew))
    publish_edition(COMMAND, draft(anew), same=[reworded.id])
    assert stopped(person) == {"広告をお届けするため"}


def test_an_id_that_goes_and_comes_back_is_never_given_to_what_is_new(person, first, second):
    without = replace(first, purposes=first.purposes[:-1])
    publish_edition(COMMAND, draft(without))
    gone = first.purposes[-1].id
    anew = replace(second, purposes=second.purposes[:-1])
    carried, _ = going_on.under_known_ids(anew)
    assert gone not in {p.id for p in carried.purposes}


def test_an_officer_prepares_nothing_that_pairs_choices_anew_even_before_anybody_chose(
    first, second
):
    publish_edition(COMMAND, draft(first))
    with pytest.raises(WrongState, match="stand for something else"):
        policy_prepare.prepare_edition(world.actor(world.member("officer")), draft(second))


def laid(document):
    """Put a document into the folder of the installation."""
    text = write.structure(document, draft(document).accepted)
    (settings.HOME.policy / "policy.toml").write_text(text, "utf-8")


def test_the_page_shows_what_would_pair_anew_and_carries_the_ids(person, second, as_role):
    laid(second)
    officer = as_role("officer")
    page = officer.get(PUBLISH)
    said = page.content.decode()
    assert "別のものを指すことになります" in said
    assert "1人が選んでいます" in said
    officer.post(PUBLISH, {"digest": page.context["digest"], "says": "carry"})
    page = officer.get(PUBLISH)
    assert not page.context["doubts"]
    made = load.read(settings.HOME.policy).document
    assert next(p for p in made.purposes if p.name.ja == AD).id == second.purposes[-2].id
    for folder in settings.HOME.path.glob("policy-before-*"):
        shutil.rmtree(folder)


def test_the_command_carries_the_ids_and_shows_the_pairs(person, second, capsys):
    laid(second)
    assert main(["policy", "carry"]) == 0
    said = capsys.readouterr().out
    assert AD in said
    assert "--apart" in said
    carried = load.read(settings.HOME.policy)
    publish_edition(COMMAND, carried)
    assert stopped(person) == {AD}
    for folder in settings.HOME.path.glob("policy-before-*"):
        shutil.rmtree(folder)


@pytest.fixture
def alike(person, first):
    """The next import words advertising anew, and counts it differently."""
    ad = first.purposes[-1]
    reworded = replace(
        ad, id=PurposeId("new"), name=Text("広告を配信し測定するため", "To send ads")
    )
    made = with_purposes(first, reworded, *first.purposes[:-1])
    laid(made)
    return ad.id


def test_the_command_writes_nothing_while_a_choice_hangs_on_words_that_are_only_alike(
    alike, capsys
):
    before = load.read(settings.HOME.policy).document
    assert main(["policy", "carry"]) == 2
    said = capsys.readouterr()
    assert f"`{alike}`" in said.err
    assert load.read(settings.HOME.policy).document == before
    assert main(["policy", "carry", "--same", alike]) == 0
    made = load.read(settings.HOME.policy).document
    assert made.purpose(alike).name.ja == "広告を配信し測定するため"
    assert main(["policy", "carry", "--apart", alike]) == 0
    assert load.read(settings.HOME.policy).document.purpose(alike) is None
    for folder in settings.HOME.path.glob("policy-before-*"):
        shutil.rmtree(folder)


def test_the_page_carries_nothing_while_a_choice_hangs_on_words_that_are_only_alike(alike, as_role):
    officer = as_role("officer")
    sent = {"digest": officer.get(PUBLISH).context["digest"], "says": "carry"}
    before = load.read(settings.HOME.policy).document
    page = officer.post(PUBLISH, sent, follow=True).content.decode()
    assert "続くものかどうか" in page
    assert load.read(settings.HOME.policy).document == before
    officer.post(PUBLISH, {**sent, "on": alike})
    made = load.read(settings.HOME.policy).document
    assert made.purpose(alike).name.ja == "広告を配信し測定するため"
    for folder in settings.HOME.path.glob("policy-before-*"):
        shutil.rmtree(folder)


TEXT = """プライバシーポリシー

株式会社見本（以下「当社」といいます。）は、個人情報を次のとおり取り扱います。

第1条（利用目的）
当社は、次の目的で利用します。
{}

第2条（お問い合わせ）
電話 03-0000-0000
"""


def test_an_import_in_the_console_takes_the_ids_of_the_edition_in_force(person, first, as_role):
    officer = as_role("officer")
    reworded = "広告を配信し、効果を測るため"
    words = TEXT.format(f"・{NEW}\n・{reworded}")
    page = officer.post(PATH, {"words": words})
    (doubtful,) = [one for one in page.context["pairs"] if one.is_doubtful and one.persons]
    assert doubtful.pair.old.ja == AD
    said = page.content.decode()
    assert f'value="{doubtful.pair.id}" id="s-{doubtful.pair.id}">' in said, "and is not ticked"
    sent = {"words": words, "says": "save", "doubt": [doubtful.pair.id]}
    for same, id_ in (([], "purpose_"), ([doubtful.pair.id], doubtful.pair.id)):
        assert officer.post(PATH, {**sent, "same": same}).status_code == 302
        made = load.read(settings.HOME.policy).document
        found = next(p for p in made.purposes if p.name.ja == reworded).id
        assert found.startswith(id_)
        assert (found == doubtful.pair.id) is bool(same)
    for folder in settings.HOME.path.glob("policy-before-*"):
        shutil.rmtree(folder)


def test_only_names_that_differ_in_politeness_are_ticked_before_the_officer_looks(first, as_role):
    last = first.purposes[-1]
    names = ("商品の発送のため", "ご住所の確認のため")
    purposes = (replace(last, id=PurposeId(f"p{n}"), name=Text(one)) for n, one in enumerate(names))
    publish_edition(COMMAND, draft(with_purposes(first, *purposes)))
    words = TEXT.format("・商品の発送及び広告の配信\n・住所の確認")
    page = as_role("officer").post(PATH, {"words": words})
    ticked = {one.pair.old.ja: one.is_ticked for one in page.context["pairs"] if one.is_doubtful}
    assert ticked["ご住所の確認のため"], "nothing but politeness differs"
    assert not ticked["商品の発送のため"], "whoever agreed to a parcel did not agree to advertising"
    said = page.content.decode()
    assert "商品の発送<del>のため</del><ins>及び広告の配信</ins>" in said, (
        "and the difference is shown"
    )
    boxes = re.findall(r'<input [^>]*name="same"[^>]*>', said)
    assert sum(" checked" in box for box in boxes) == sum(ticked.values())
