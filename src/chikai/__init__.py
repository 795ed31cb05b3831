"""Chikai: the privacy policy that does what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chikai.sdk.client import connect as connect

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import the gate when it is asked for, so that `import chikai` stays light."""
    if name == "connect":
        from chikai.sdk.client import connect

        return connect
    raise AttributeError(f"module `chikai` has no attribute `{name}`")
