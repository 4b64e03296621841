"""Nouns: benchmark cells and what is released of them."""

from footprint.benchmark.models.cell import Cell, Contribution, Estimate, Release

__all__ = ["Cell", "Contribution", "Estimate", "Release"]
