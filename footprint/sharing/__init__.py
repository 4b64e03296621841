"""Footprints along the chain: asked for, given on terms, judged, and taken into one's own calculation."""
