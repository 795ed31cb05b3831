"""The four databases of the example company: schemas, invented rows, and the truth to test against.

    from examples.levii import databases

    databases.fill(engine, "balus", people=2000)
    databases.held_by(engine, "balus", databases.awkward()["heroine"]["balus"])

The awkward facts are listed in README.md beside this file.
"""

from examples.levii.databases.writing import (
    SERVICES,
    NotEmptyError,
    awkward,
    fill,
    held_by,
    metadata,
)

__all__ = ["SERVICES", "NotEmptyError", "awkward", "fill", "held_by", "metadata"]
