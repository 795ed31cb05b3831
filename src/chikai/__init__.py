"""Chikai: the privacy policy that does what it says."""

__version__ = "0.1.0"
