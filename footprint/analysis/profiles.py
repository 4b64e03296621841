"""How a method profile reads this network: boundary, allocation of every process, weights of every gas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from factors.origins import CO2E, Origin
from footprint.analysis.answers import PHYSICAL, answers_of, contradiction, denied
from footprint.analysis.ground import Ground
from footprint.analysis.methods import Joint
from footprint.analysis.ruled import ordered
from footprint.calculation import inputs as rows
from footprint.calculation.line import Line
from footprint.calculation.live import Flags
from footprint.engine.allocation import Basis
from footprint.engine.cut_off import NO_CUT_OFF, CutOffRule
from footprint.engine.equations import Floats
from footprint.engine.errors import NoBasis, Unanswered
from footprint.engine.pact_allocation import PRICE_RATIO, Question
from footprint.engine.position import Position
from footprint.engine.profile import Choice, Credit, Exchange, Profile, choose_method, counts
from footprint.rules.models import MethodProfileVersion
from footprint.rules.models.profile import Biogenic, Boundary, Capture, CutOff, Permission, Step

KEEP = (None, Basis.NONE, Basis.CAUSAL)
"""What leaves the shares in force as they are."""
GATE = frozenset(Exchange) - {Exchange.OUTBOUND, Exchange.OFFSET}
INSTALLATION = frozenset({Exchange.DIRECT, Exchange.HEAT, Exchange.PRECURSOR, Exchange.WASTE})
FERTILISERS = ("2808", "2814", "2834", "3102", "3105")
"""Headings whose indirect emissions count at the border; unverified, from memory."""
AT_THE_BORDER = (*FERTILISERS, "2804")
"""Headings of this alliance's goods that the border mechanism is for; unverified, from memory."""
BY_FACTOR = {
    "electricity": Exchange.ELECTRICITY,
    "heat": Exchange.HEAT,
    "freight": Exchange.INBOUND,
    "material": Exchange.MATERIAL,
    "process": Exchange.DIRECT,
}
BY_STAGE = {"transport": Exchange.INBOUND, "waste": Exchange.WASTE, "raw_material": Exchange.MATERIAL}
SUPPLY = frozenset({"upstream", "life_cycle"})
"""Boundaries of fuel factors that take in more than the burning."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One profile version applied to one network.

    Shapes   keep: (lines,) links of the ground that count; beyond: (lines,) links that count as well, all the
             way behind it, in the figure of a good that the rule lists; listed: (n,) those goods; weight:
             (2m,) kg CO2e per kg, emitted gases and then removed ones, NaN where unknown; position: (2m,)
    """

    version: MethodProfileVersion
    profile: Profile
    keep: Flags
    beyond: Flags
    listed: Flags
    removed_counts: bool
    weight: Floats
    position: tuple[Position, ...]
    published: Flags
    """(2m,) totals that their publisher characterised by another set, or by none that it states."""
    choices: Mapping[int, Choice]
    """By process with several products; those without one are in ``refused``."""
    refused: Mapping[int, dict[str, Any]]
    """Why the allocation of a process cannot be decided."""

    @property
    def is_default(self) -> bool:
        """Whether this is the way footprints are computed anyway."""
        return _is_default(self.version)

    @cached_property
    def of_listed(self) -> Reading:
        """As for the goods that the rule lists."""
        none = np.zeros_like(self.beyond), np.zeros_like(self.listed)
        return replace(self, keep=np.asarray(self.keep | self.beyond), beyond=none[0], listed=none[1])


def read(ground: Ground, every: list[Joint], version: MethodProfileVersion) -> Reading:
    """What the profile says of every line, process and gas."""
    profile = engine_profile(version)
    choices, refused = _choices(ground, every, version, profile)
    weight, position = _weights(ground, version)
    published = [gas == CO2E and origin != version.gwp_set for gas, origin in ground.live.gases]
    keep, beyond = _kept(ground, version, profile)
    listed = np.zeros(ground.n, dtype=np.bool_)
    if beyond.any():
        for (_, product), node in ground.columns.items():
            listed[node] = _is_listed(ground, product, FERTILISERS)
    return Reading(
        version, profile, keep, beyond, listed, version.ccs in _COUNTED_AS_IT_IS,
        weight, position, np.array([*published, *published], dtype=np.bool_), choices, refused,
    )  # fmt: skip


def engine_profile(version: MethodProfileVersion) -> Profile:
    """The numbers of a version. Where a rule is silent on capture, what is recorded counts."""
    at_installation = _at_installation(version)
    substitution = version.substitution != Permission.FORBIDDEN
    return Profile(
        code=version.profile.code,
        gwp_set=version.gwp_set,
        counted=INSTALLATION if at_installation else GATE,
        counted_if_listed=frozenset({Exchange.ELECTRICITY}) if at_installation else frozenset(),
        preference=() if _is_pact(version) else _preference(version),
        price_ratio=price_ratio_of(version),
        questions=_questions(version),
        substitution=substitution,
        negative_allowed=_is_default(version),
        cut_off=cut_off_rule(version),
        uptake=version.biogenic == Biogenic.SEPARATE,
        release=version.biogenic in _RELEASE_COUNTS,
        capture=Credit.WITH_EVIDENCE if version.ccs in _COUNTED_AS_IT_IS else Credit.NEVER,
        utilisation=Credit.WITH_EVIDENCE if version.ccu in _COUNTED_AS_IT_IS else Credit.NEVER,
    )


def price_ratio_of(version: MethodProfileVersion) -> float:
    """Beyond which ratio of prices a version allocates by value; PACT's own where it says nothing."""
    ratio = version.allocation_price_ratio
    return PRICE_RATIO if ratio is None else float(ratio)


def cut_off_rule(version: MethodProfileVersion) -> CutOffRule:
    """How much a version lets be left out; a rule that only wants effects stated sets no limit."""
    if version.cut_off == CutOff.NONE:
        return NO_CUT_OFF
    per_flow, total = version.cut_off_per_flow, version.cut_off_total
    return CutOffRule(*(None if limit is None else float(limit) for limit in (per_flow, total)))


_COUNTED_AS_IT_IS = frozenset({Capture.AS_RECORDED, Capture.UNSTATED})
"""Nobody records evidence of storage yet, so that a rule that wants it counts none."""


_RELEASE_COUNTS = frozenset({Biogenic.SEPARATE, Biogenic.ZERO_RATED})
"""ISO and GB/T take uptake and release into the total and state them apart. What a rule rates zero where
biomass meets criteria counts, for nobody records that it does. PACT and TfS set release off against uptake.
"""


def in_scope(ground: Ground, version: MethodProfileVersion, product: int) -> bool:
    """Whether the profile is for such a product."""
    return not _at_installation(version) or _is_listed(ground, product, AT_THE_BORDER)


def kind_of(ground: Ground, line: Line | None) -> Exchange:
    """What a line is for, as boundaries speak of it.

    Another process of the same site is the installation itself; a fuel's factor counts as the burning unless
    its boundary takes in the supply.
    """
    if line is None or line.provider_process:
        return Exchange.DIRECT
    if line.factor_version:
        reference = ground.references.get(line.factor_version)
        if reference is not None and reference.kind == "fuel":
            return Exchange.FUEL_SUPPLY if reference.boundary in SUPPLY else Exchange.DIRECT
        return BY_FACTOR.get(reference.kind, Exchange.MATERIAL) if reference else Exchange.MATERIAL
    if line.provider_product and _is_listed(ground, line.provider_product, AT_THE_BORDER):
        return Exchange.PRECURSOR
    if line.stage == "energy":
        return Exchange.ELECTRICITY if line.unit.endswith("Wh") else Exchange.HEAT
    return BY_STAGE.get(line.stage, Exchange.MATERIAL)


def counts_indirect(code: str) -> bool:
    """Whether indirect emissions count for goods of this code."""
    return code.startswith(FERTILISERS)


def _is_listed(ground: Ground, product: int, headings: tuple[str, ...]) -> bool:
    return ground.hs_code.get(product, "").startswith(headings)


def _kept(ground: Ground, version: MethodProfileVersion, profile: Profile) -> tuple[Flags, Flags]:
    """Links inside the boundary, and those for listed goods; credits only where substitution is permitted."""
    lines = [ground.lines.get(line) for line in ground.line.tolist()]
    kinds = [int(kind_of(ground, line)) for line in lines]
    keep, of_listed = (counts(profile, kinds, listed, True) for listed in (False, True))
    uncredited = frozenset(ground.inputs.processes)
    if profile.substitution:
        uncredited = denied(ground) if _is_pact(version) else frozenset()
    credits = [line is None or not line.is_avoided or line.process not in uncredited for line in lines]
    permitted = np.array(credits, dtype=np.bool_)
    return np.asarray(keep & permitted), np.asarray(of_listed & ~keep & permitted)


def _at_installation(version: MethodProfileVersion) -> bool:
    return bool(version.boundary == Boundary.INSTALLATION)


def _is_default(version: MethodProfileVersion) -> bool:
    return list(version.allocation_tree) == [Step.AS_RECORDED]


def _is_pact(version: MethodProfileVersion) -> bool:
    return Step.ECONOMIC_ABOVE_RATIO in version.allocation_tree


def _preference(version: MethodProfileVersion) -> tuple[Basis, ...]:
    bases = {
        Step.PHYSICAL: (Basis.MASS, Basis.ENERGY, Basis.VOLUME),
        Step.ECONOMIC: (Basis.ECONOMIC,),
        Step.FUNCTIONAL_UNIT: (Basis.MASS,),
    }
    return tuple(basis for step in version.allocation_tree for basis in bases.get(Step(step), ()))


def _questions(version: MethodProfileVersion) -> tuple[Question, ...]:
    """In the order of the version's own tree; whether there is anything to allocate comes first."""
    asked = {
        Step.SUBDIVISION: Question.SUBDIVISION,
        Step.SUBSTITUTION: Question.SUBSTITUTION,
        Step.ECONOMIC_ABOVE_RATIO: Question.PRICE_RATIO,
        Step.PHYSICAL: Question.PHYSICAL,
    }
    own = (asked[Step(step)] for step in version.allocation_tree if step in asked)
    return (Question.SEVERAL, Question.FROZEN, *own)


def _choices(
    ground: Ground, every: list[Joint], version: MethodProfileVersion, profile: Profile
) -> tuple[dict[int, Choice], dict[int, dict[str, Any]]]:
    found: dict[int, Choice] = {}
    refused: dict[int, dict[str, Any]] = {}
    for joint in every:
        if _is_pact(version) and (code := contradiction(ground, joint)):
            refused[joint.process] = {"code": code}
            continue
        try:
            found[joint.process] = _choice(ground, joint, version, profile)
        except Unanswered as error:
            refused[joint.process] = {"code": "unanswered", "question": str(error.question)}
        except NoBasis:
            if version.allocation_tree[-1] == Step.AS_RECORDED:
                found[joint.process] = Choice(None, None)
            else:
                refused[joint.process] = {"code": "no_basis"}
    return found, refused


def _choice(ground: Ground, joint: Joint, version: MethodProfileVersion, profile: Profile) -> Choice:
    """What the product category rule orders, but at the border; else a process that is divided as recorded
    stays so wherever the tree begins with subdivision.
    """
    if _is_default(version) or not (profile.preference or _is_pact(version)):
        return Choice(None, None)
    if not profile.preference:
        return choose_method(profile, joint.shares.keys(), answers_of(ground, joint))
    ruled = None if _at_installation(version) else ordered(ground, joint)
    if ruled is not None:
        return Choice(ruled, None)
    if joint.method == Basis.CAUSAL and Step.SUBDIVISION in version.allocation_tree:
        return Choice(Basis.CAUSAL, None)
    if joint.method in PHYSICAL and Step.PHYSICAL in version.allocation_tree:
        return Choice(Basis(joint.method), None)
    return choose_method(profile, joint.shares.keys())


def new_shares(reading: Reading, joint: Joint) -> Floats | None:
    """The shares that the profile orders for a process; None where those in force stay."""
    choice = reading.choices.get(joint.process)
    if choice is None or choice.basis in KEEP or choice.basis.value == joint.method:
        return None
    return joint.shares[choice.basis]


def name_of(choice: Choice | None, method_in_force: str) -> str:
    """The method of a process in a word: what the tree ended in, or the basis."""
    if choice is None or (choice.basis is None and choice.decision is None):
        return method_in_force
    if choice.basis is None or choice.basis is Basis.CAUSAL:
        return choice.decision.method.value if choice.decision else method_in_force
    return choice.basis.value


def _weights(ground: Ground, version: MethodProfileVersion) -> tuple[Floats, tuple[Position, ...]]:
    """A total that its publisher characterised cannot be weighed again by another set."""
    table = rows.characterization((version.gwp_set,), version.gwp_horizon)[version.gwp_set]
    default = _is_default(version)
    weight, position = [], []
    for removed in (False, True):
        for gas, origin in ground.live.gases:
            position.append(_position(gas, origin, removed=removed))
            weight.append(_weight(table, gas, origin, version, default=default))
    return np.array(weight, dtype=np.float64), tuple(position)


def _weight(
    table: Mapping[tuple[str, str], float],
    gas: str,
    origin: str,
    version: MethodProfileVersion,
    *,
    default: bool,
) -> float:
    if gas == CO2E:
        # it cannot be weighed again: it counts as published, and the figure says how much of it that is
        return 1.0 if default or version.gwp_horizon == 100 else float("nan")
    if gas == "CO2" and origin == Origin.BIOGENIC and version.biogenic != Biogenic.AS_CHARACTERISED:
        return 1.0  # by mass: whether uptake and release count is for the totals to say
    missing = 0.0 if default else float("nan")
    return table.get((gas, origin), table.get((gas, "unspecified"), missing))


def _position(gas: str, origin: str, *, removed: bool) -> Position:
    if gas != CO2E and origin == Origin.BIOGENIC:
        if removed:
            return Position.BIOGENIC_UPTAKE
        return Position.BIOGENIC_RELEASE if gas == "CO2" else Position.BIOGENIC_OTHER
    if gas != CO2E and origin == Origin.LAND_USE:
        return Position.LAND_REMOVAL if removed else Position.LAND_USE_CHANGE
    if gas != CO2E and origin == Origin.AIRCRAFT:
        return Position.AIRCRAFT
    return Position.TECHNOLOGICAL_REMOVAL if removed else Position.FOSSIL
