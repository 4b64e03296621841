"""Nouns of sharing."""

from footprint.sharing.models.figure import SupplierFigure
from footprint.sharing.models.remark import SharingRemark
from footprint.sharing.models.request import SharingRequest, SharingStep

__all__ = ["SharingRemark", "SharingRequest", "SharingStep", "SupplierFigure"]
