"""A company's own network, as its own pages may see it: arrays to calculate with, and what to call things.

Own columns are nodes with everything that is in them. Behind them stand leaves, which take nothing: factor
versions gas by gas, products of others with the total that is open to the reader, and, where no total is
open, what a column's unseen suppliers bring together. Solved, it gives the stored figures.
"""

from footprint.calculation.own_network.arrays import (
    GWP_SETS,
    Emissions,
    Links,
    Node,
    NodeKind,
    OwnNetwork,
    Stage,
)
from footprint.calculation.own_network.question import own_network

__all__ = ["GWP_SETS", "Emissions", "Links", "Node", "NodeKind", "OwnNetwork", "Stage", "own_network"]
