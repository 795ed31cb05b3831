"""The reading of a company's own policy: its text becomes an outline with all that is said in it."""

from chikai.policy.importing.reading import outline_of

__all__ = ["outline_of"]
