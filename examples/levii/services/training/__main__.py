"""Serves the pages of this service: `python -m examples.levii.services.training --port N`."""

from __future__ import annotations

import sys

from examples.levii.services.run import main
from examples.levii.services.training import app

if __name__ == "__main__":
    sys.exit(main("training", app.made))
