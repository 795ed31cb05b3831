"""The gallery of KATA: published templates, with the name of an author only while its use may go on.

A template stays when its author stops the use of the name: it is published work, and the name is personal information.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from examples.levii.databases.kata import METADATA
from examples.levii.services.pages import Html, markup
from examples.levii.services.wsgi import Answer, Request, Web

if TYPE_CHECKING:
    from examples.levii.services.place import Found, Place

PROFILES = METADATA.tables["profiles"]
TEMPLATES = METADATA.tables["templates"]
PUBLICATIONS = METADATA.tables["publications"]
SHOWN: Final = 30
UNNAMED: Final = "作者の名前は出していません"


def made(place: Place) -> Web:
    """The pages of KATA over its database and its gate."""
    web = Web("kata", place.secret, place.frame)

    @web.route("GET", "/")
    def home(request: Request) -> Answer:
        use = place.use("service_operation", "name", "public_content")
        with use:
            rows = [_row(found, named=found.owner_id in use) for found in published(place)]
        body = markup(
            '<h1>モデルの型 KATA</h1><p class="lead">公開された型を、だれでも使えます。</p>'
            '<section class="card"><ul class="list">$rows</ul></section>',
            rows=rows or Html("<li>まだありません。公開されると、ここに出ます。</li>"),
        )
        return web.page(request, "公開された型", body)

    return web


def published(place: Place) -> list[Found]:
    """The newest publications that were not withdrawn, with their authors."""
    query = (
        sa.select(PUBLICATIONS.c.headline, TEMPLATES.c.owner_id, PROFILES.c.display_name)
        .join(TEMPLATES, TEMPLATES.c.id == PUBLICATIONS.c.template_id)
        .join(PROFILES, PROFILES.c.id == TEMPLATES.c.owner_id)
        .where(PUBLICATIONS.c.withdrawn_at.is_(None))
        .order_by(PUBLICATIONS.c.published_at.desc(), PUBLICATIONS.c.id)
        .limit(SHOWN)
    )
    with place.engine.connect() as db:
        return list(db.execute(query).all())


def _row(found: Found, *, named: bool) -> Html:
    return markup(
        "<li>$what <span class='muted'>$who</span></li>",
        what=found.headline,
        who=(found.display_name or UNNAMED) if named else UNNAMED,
    )
