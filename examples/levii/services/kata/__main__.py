"""Serves the pages of this service: `python -m examples.levii.services.kata --port N`."""

from __future__ import annotations

import sys

from examples.levii.services.kata import app
from examples.levii.services.run import main

if __name__ == "__main__":
    sys.exit(main("kata", app.made))
