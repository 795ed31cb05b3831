"""Models of Balus: making one, publishing it under a link that anybody may open, and taking it back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa

from examples.levii.databases.balus import METADATA
from examples.levii.services import place as places

if TYPE_CHECKING:
    from examples.levii.services.place import Found, Place

MODELS = METADATA.tables["models"]
VIEWS = METADATA.tables["views"]
MEMBERSHIPS = METADATA.tables["memberships"]
LINKS = METADATA.tables["public_links"]


def mine(place: Place, key: int) -> list[Found]:
    """The models of a person's teams, the newest first, each with the number of its public links."""
    links = sa.select(sa.func.count()).where(LINKS.c.model_id == MODELS.c.id).scalar_subquery()
    teams = sa.select(MEMBERSHIPS.c.workspace_id).where(MEMBERSHIPS.c.account_id == key)
    query = (
        sa.select(MODELS.c.id, MODELS.c.title, links.label("links"))
        .where(MODELS.c.workspace_id.in_(teams))
        .order_by(MODELS.c.id.desc())
        .limit(50)
    )
    with place.engine.connect() as db:
        return list(db.execute(query).all())


def one(place: Place, key: int, model: int) -> Found | None:
    """A model that a person may see; None for any other."""
    teams = sa.select(MEMBERSHIPS.c.workspace_id).where(MEMBERSHIPS.c.account_id == key)
    query = sa.select(MODELS).where(MODELS.c.id == model, MODELS.c.workspace_id.in_(teams))
    with place.engine.connect() as db:
        return db.execute(query).first()


def make(place: Place, key: int, title: str, description: str) -> int | None:
    """Make a model in a person's own team, with one view; its key, or None for somebody without a team."""
    working = place.use("service_operation", "unique_other", "voluntary")
    team = sa.select(MEMBERSHIPS.c.workspace_id).where(
        MEMBERSHIPS.c.account_id == key, MEMBERSHIPS.c.role.in_(("owner", "editor"))
    )
    with working, place.writing() as db:
        working.require(key)
        workspace = db.execute(team.order_by(MEMBERSHIPS.c.joined_at.desc()).limit(1)).scalar()
        if workspace is None:
            return None
        row = {
            "workspace_id": workspace,
            "title": title,
            "description": description or None,
            "created_by": key,
            "created_at": places.now(),
        }
        model = int(db.execute(MODELS.insert().values(**row)).inserted_primary_key[0])  # type: ignore[index]
        db.execute(VIEWS.insert().values(model_id=model, title="全体", order=1))
    return model


def links_of(place: Place, model: int) -> list[Found]:
    """The public links of a model."""
    with place.engine.connect() as db:
        return list(db.execute(sa.select(LINKS).where(LINKS.c.model_id == model)).all())


def publish(place: Place, key: int, model: int, caption: str) -> str:
    """Make a public link; its token. UseRefused when the person stopped the use of public data."""
    public = place.use("service_operation", "public_content")
    token = f"pl_{secrets.token_urlsafe(16)}"
    with public, place.writing() as db:
        public.require(key)
        row = {"token": token, "model_id": model, "created_by": key, "caption": caption or None}
        db.execute(LINKS.insert().values(**row))
    return token


def take_back(place: Place, model: int) -> None:
    """End every public link of a model; no gate is asked, since this uses nothing."""
    with place.writing() as db:
        db.execute(sa.delete(LINKS).where(LINKS.c.model_id == model))


def public(place: Place, token: str) -> Found | None:
    """What a public link shows: None when it is gone, is over, or its maker stopped the use of public data."""
    showing = place.use("service_operation", "public_content")
    query = (
        sa.select(
            LINKS.c.created_by,
            LINKS.c.caption,
            LINKS.c.expires_at,
            MODELS.c.title,
            MODELS.c.description,
        )
        .join(MODELS, MODELS.c.id == LINKS.c.model_id)
        .where(
            LINKS.c.token == token,
            sa.or_(LINKS.c.expires_at.is_(None), LINKS.c.expires_at > places.now()),
        )
    )
    with showing, place.engine.connect() as db:
        found = db.execute(query).first()
        return found if found is not None and found.created_by in showing else None
