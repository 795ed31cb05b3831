"""KATA shows the name of an author only while its use may go on; the template stays."""

import pytest

from examples.levii.services.kata import app


@pytest.mark.clause("5")
def test_an_author_who_stops_the_name_keeps_the_template_on_the_page(world, kata):
    found = next(f for f in app.published(world.place("kata")) if f.display_name)
    before = kata.get("/").said
    assert found.headline in before
    assert found.display_name in before
    theirs = [
        f.display_name for f in app.published(world.place("kata")) if f.owner_id == found.owner_id
    ]
    world.stop("kata", found.owner_id, "item", "name")
    after = kata.get("/").said
    assert found.headline in after
    assert before.count(found.display_name) - after.count(found.display_name) == len(theirs)
    assert app.UNNAMED in after
