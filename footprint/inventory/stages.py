"""Which life-cycle stage a line belongs to, unless its member says otherwise."""

from __future__ import annotations

from factors import units
from factors.models import Factor
from factors.units import Dimension
from footprint.inventory.models import Exchange

Stage = Exchange.Stage
BY_FACTOR = {
    Factor.Kind.ELECTRICITY: Stage.ENERGY,
    Factor.Kind.FUEL: Stage.ENERGY,
    Factor.Kind.HEAT: Stage.ENERGY,
    Factor.Kind.FREIGHT: Stage.TRANSPORT,
    Factor.Kind.MATERIAL: Stage.RAW_MATERIAL,
    Factor.Kind.PROCESS: Stage.PRODUCTION,
}
BY_DIMENSION = {Dimension.ENERGY: Stage.ENERGY, Dimension.TRANSPORT: Stage.TRANSPORT}
"""A product bought without a factor: what it is counted in tells power, heat and transport from matter."""


def derived(
    *, direction: str, kind: str, unit: str, is_avoided: bool, has_process: bool, factor_kind: str | None
) -> Stage:
    """The stage by what the line is and who provides it."""
    if kind == Exchange.Kind.WASTE:
        return Stage.WASTE
    if factor_kind:
        return BY_FACTOR[Factor.Kind(factor_kind)]
    is_made = direction == Exchange.Direction.OUTPUT and not is_avoided
    if kind == Exchange.Kind.ELEMENTARY or is_made or has_process:
        return Stage.PRODUCTION
    return BY_DIMENSION.get(units.dimension(unit), Stage.RAW_MATERIAL)


def stage_of(line: Exchange) -> Stage:
    """What the member said, else the derived one."""
    return Stage(line.stage) if line.stage else default_stage(line)


def default_stage(line: Exchange) -> Stage:
    """What the line counts as while nobody says otherwise."""
    version = line.factor_version
    return derived(
        direction=line.direction,
        kind=line.kind,
        unit=line.unit,
        is_avoided=line.is_avoided,
        has_process=line.provider_process_id is not None,
        factor_kind=version.factor.kind if version else None,
    )
