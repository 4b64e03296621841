"""Verbs: prepare a publication, carry it on, withdraw it."""

from footprint.publication.actions.publication import move_publication, prepare_publication

__all__ = ["move_publication", "prepare_publication"]
