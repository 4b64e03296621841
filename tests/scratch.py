"""What figures have to be: everything read from rows and solved once, with nothing remembered."""

from __future__ import annotations

import numpy as np

from footprint.calculation import inputs
from footprint.calculation.assemble import assemble
from footprint.calculation.content import Column, State
from footprint.calculation.edit import edited
from footprint.calculation.figures import Figure, figures_of
from footprint.calculation.live import NOTHING, Live
from footprint.inventory.models import UnitProcess


def states() -> dict[Column, State]:
    """What every column is made of."""
    return assemble(inputs.read(sorted(UnitProcess.objects.values_list("pk", flat=True))))


def live() -> Live:
    """The network of all rows."""
    found = states()
    return edited(NOTHING, found, inputs.vectors(NOTHING.unknown_factors(found.values())))


def figures() -> list[Figure]:
    """Every figure."""
    whole = live()
    return list(figures_of(whole, np.ones(len(whole.keys), dtype=np.bool_)))
