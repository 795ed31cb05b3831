"""Every crash test works on files of its own."""

from tests.places import made, urls

__all__ = ["made", "urls"]  # fixtures
