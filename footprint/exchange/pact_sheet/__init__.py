"""PACT's simplified layout: footprints as columns of one sheet, for those without a system that speaks it."""
