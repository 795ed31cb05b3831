"""A small installation with Balus connected: 120 people in a real database, its map in force, everybody linked."""

import os
import shutil
import tomllib
from pathlib import Path

import sqlalchemy as sa
from django.conf import settings

from chikai.anonymise.standard import Standard
from chikai.policy import load
from chikai.sources import mapfile
from chikai.web.actions import COMMAND, Actor, people
from chikai.web.actions.sources import adopt_map
from chikai.web.models import Link, Person
from chikai.web.work.people import sync_sources
from examples.levii import databases
from tests.truth_maps import true_map
from tests.web import world

PEOPLE = 120
LEVII = Path(__file__).resolve().parents[2] / "examples" / "levii"
PERSON = Actor("person", frozenset({"person"}))
AOBA = {"service": "balus", "purpose": "billing", "recipient": "aoba_payment"}


def filled(folder):
    """The file of Balus' database."""
    file = folder / "balus.sqlite3"
    engine = sa.create_engine(f"sqlite:///{file}")
    databases.fill(engine, "balus", people=PEOPLE)
    engine.dispose()
    return file


def install(file):
    """Publish the policy, adopt the map, link everybody."""
    officer = world.begin()
    for left in ("anonymised", "outgoing"):
        shutil.rmtree(settings.HOME.path / left, ignore_errors=True)
    toml = settings.HOME.path / "chikai.toml"
    text = toml.read_text("utf-8").partition("[source.")[0]
    toml.write_text(
        f'{text}\n[source.balus]\nservice = "balus"\nurl = "sqlite:///{file}"\n', "utf-8"
    )
    os.utime(toml, ns=(0, toml.stat().st_mtime_ns + 1))
    world.publish()
    map_ = true_map(load.read(LEVII).document, "balus")
    place = settings.HOME.map_of("balus")
    place.write_text(mapfile.text(map_), "utf-8")
    adopt_map(COMMAND, mapfile.read(place), place.read_text("utf-8"))
    sync_sources(COMMAND, settings.HOME)
    return officer


def person(key):
    """The person whom Balus knows by this key."""
    return Person.objects.get(links__in=Link.objects.filter(source="balus", key=str(key)))


def standard(**more):
    """The standard of the example."""
    data = tomllib.loads((LEVII / "anonymise.toml").read_text("utf-8"))
    return Standard.from_file({**data, **more})


__all__ = ["COMMAND", "PERSON", "Person", "filled", "install", "people", "person", "standard"]
