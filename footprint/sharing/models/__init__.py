"""Nouns of sharing."""

from footprint.sharing.models.figure import SupplierFigure
from footprint.sharing.models.request import SharingRequest, SharingStep

__all__ = ["SharingRequest", "SharingStep", "SupplierFigure"]
