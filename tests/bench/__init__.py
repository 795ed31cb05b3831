"""Benchmarks: each is a ratio against a peer in one run on one machine, never a bare time."""

from tests.bench.rows import Row, best_of

__all__ = ["Row", "best_of"]
