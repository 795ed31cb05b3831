import pytest

from examples.levii.services.balus import app as balus_app
from examples.levii.services.kata import app as kata_app
from examples.levii.services.training import app as training_app
from examples.levii.services.website import app as website_app
from tests.services.world import Browser, World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def balus(world):
    return Browser(balus_app.made(world.place("balus")))


@pytest.fixture
def training(world):
    return Browser(training_app.made(world.place("training")))


@pytest.fixture
def website(world):
    return Browser(website_app.made(world.place("website")))


@pytest.fixture
def kata(world):
    return Browser(kata_app.made(world.place("kata")))
