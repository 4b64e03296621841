"""Verbs: prepare a publication, carry it on, withdraw it, offer it as a factor."""

from footprint.publication.actions.propose_factor import propose_publication
from footprint.publication.actions.publication import move_publication, prepare_publication

__all__ = ["move_publication", "prepare_publication", "propose_publication"]
