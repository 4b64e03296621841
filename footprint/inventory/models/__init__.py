"""Nouns: what plants enter."""

from footprint.inventory.models.answer import AllocationAnswer
from footprint.inventory.models.checklist import ChecklistAnswer
from footprint.inventory.models.evidence import EvidenceContent, EvidenceFile
from footprint.inventory.models.exchange import (
    PEDIGREE,
    RATINGS,
    SCORES,
    AllocationShare,
    Exchange,
    OutputPrice,
)
from footprint.inventory.models.inventory import Inventory, UnitProcess
from footprint.inventory.models.product import Product, ProductGrant
from footprint.inventory.models.removed import RemovedLine
from footprint.inventory.models.submission import (
    FrozenCopy,
    FrozenPrice,
    ReviewRemark,
    ReviewThread,
    Submission,
    SubmissionStep,
)

__all__ = [
    "PEDIGREE",
    "RATINGS",
    "SCORES",
    "AllocationAnswer",
    "AllocationShare",
    "ChecklistAnswer",
    "EvidenceContent",
    "EvidenceFile",
    "Exchange",
    "FrozenCopy",
    "FrozenPrice",
    "Inventory",
    "OutputPrice",
    "Product",
    "ProductGrant",
    "RemovedLine",
    "ReviewRemark",
    "ReviewThread",
    "Submission",
    "SubmissionStep",
    "UnitProcess",
]
