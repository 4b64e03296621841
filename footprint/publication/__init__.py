"""Footprints that were published: snapshots that nobody changes, signed, replaced or withdrawn."""
