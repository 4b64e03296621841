"""What a line of a unit process must be like: read from what was asked, then checked as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from factors import units
from factors.origins import Origin
from footprint.inventory import measures, providers
from footprint.inventory.beside import Beside, Stored
from footprint.inventory.models import SCORES, Exchange
from footprint.inventory.providers import named, nature

DIRECTIONS, KINDS = tuple(Exchange.Direction.values), tuple(Exchange.Kind.values)
ORIGINS, DATA_TYPES = tuple(origin.value for origin in Origin), tuple(Exchange.DataType.values)
STAGES, CARRIERS = ("", *Exchange.Stage.values), ("", *Exchange.Carrier.values)


def _score(given: object, *, field: str) -> int | None:
    return measures.maybe(measures.score, given, field=field)


def _heat(given: object, *, field: str) -> Decimal:
    return measures.celsius(given, field=field, lowest=-200, highest=3000)


PLAIN: dict[str, Callable[[Any], Any]] = {
    "direction": lambda given: checks.choice(given, DIRECTIONS, field="direction"),
    "kind": lambda given: checks.choice(given, KINDS, field="kind"),
    "amount": measures.amount,
    "unit": measures.unit,
    "gas": lambda given: checks.text(given, field="gas", longest=40),
    "origin": lambda given: checks.choice(given, ORIGINS, field="origin"),
    "flow_name": lambda given: checks.text(given, field="flow_name", longest=300),
    "external_id": lambda given: checks.text(given or "", field="external_id", longest=120),
    "compartment": lambda given: checks.text(given, field="compartment", longest=100),
    "is_reference": lambda given: checks.truth(given, field="is_reference"),
    "is_avoided": lambda given: checks.truth(given, field="is_avoided"),
    "data_type": lambda given: checks.choice(given, DATA_TYPES, field="data_type"),
    "comment": lambda given: checks.text(given, field="comment", longest=2000),
    "stage": lambda given: checks.choice(given or "", STAGES, field="stage"),
    "gsd2": lambda given: measures.maybe(measures.spread, given, field="gsd2"),
    **{name: partial(_score, field=name) for name in SCORES},
    "allocation_basis": lambda given: measures.maybe(measures.amount, given, field="allocation_basis"),
    "allocation_basis_unit": lambda given: (
        measures.maybe(measures.unit, given, field="allocation_basis_unit") or ""
    ),
    "carrier": lambda given: checks.choice(given or "", CARRIERS, field="carrier"),
    "reference_efficiency": lambda given: measures.maybe(
        measures.efficiency, given, field="reference_efficiency"
    ),
    "heat_celsius": lambda given: measures.maybe(_heat, given, field="heat_celsius"),
    "exempted_kg_co2e": lambda given: measures.maybe(measures.amount, given, field="exempted_kg_co2e"),
}
LINKS = ("product", "provider_process", "provider_product", "factor_version")
FIELDS = (*PLAIN, *LINKS)
COLUMNS = {field: f"{field}_id" if field in LINKS else field for field in FIELDS}
ESTIMATE = "exempted_kg_co2e"
"""What a line says no more once it has a provider, though nobody said so."""
GROUPS = ("made", "taken", "emitted")
"""The parts of a process's table, in their order."""
NEEDED = ("direction", "kind", "amount", "unit")


def fill(
    line: Exchange, given: Mapping[str, Any], *, by: Actor, beside: Beside | None = None
) -> dict[str, Any]:
    """Put what was asked into the line and check the whole; what differs from before, by column.

    ``beside`` answers about other rows; the database does, unless somebody read them for many lines.

    Raises:
        Refusal, Refusals: something is wrong; the row in the database is as it was.
    """
    checks.known(given, FIELDS)
    beside = beside or Stored(by)
    before = {field: getattr(line, COLUMNS[field]) for field in FIELDS if field in given or field == ESTIMATE}
    findings = Findings()
    for field in before:
        if field in given:
            try:
                _put(line, field, given[field], beside)
            except Refusal as refusal:
                findings.keep(refusal)
    if line.pk is None:
        for field in NEEDED:
            if field not in given:
                findings.add(_("This must not be empty."), field=field, code="required")
    findings.settle()
    _forget_estimate(line, given)
    changed = [field for field, was in before.items() if getattr(line, COLUMNS[field]) != was]
    _check(line, changed, findings, beside)
    findings.settle()
    return {COLUMNS[field]: getattr(line, COLUMNS[field]) for field in changed}


def _put(line: Exchange, field: str, value: object, beside: Beside) -> None:
    read = PLAIN.get(field)
    setattr(line, field, read(value) if read else providers.referenced(line, field, value, beside))


def group_of(line: Exchange) -> str:
    """Where a line stands in the table of its process."""
    if line.kind == Exchange.Kind.ELEMENTARY:
        return "emitted"
    return "made" if line.direction == Exchange.Direction.OUTPUT and not line.is_avoided else "taken"


def in_table_order(lines: Iterable[Exchange]) -> list[Exchange]:
    """The lines of a process from top to bottom: what it makes, takes and emits."""
    return sorted(lines, key=lambda line: GROUPS.index(group_of(line)))


def line_name(line: Exchange) -> str:
    """What flows in a line."""
    if line.product:
        return named(line.product)
    if line.factor_version and not line.flow_name:
        return named(line.factor_version.factor)
    return line.flow_name or line.gas


def record(line: Exchange) -> dict[str, Any]:
    """A line as ``fill`` takes it and JSON keeps it: exact decimals as text, things by their identifiers."""
    told = {field: getattr(line, field) for field in PLAIN}
    exact = {field: format(value, "f") for field, value in told.items() if isinstance(value, Decimal)}
    things = {field: getattr(line, field) for field in LINKS}
    return told | exact | {field: str(thing.uuid) if thing else None for field, thing in things.items()}


def _forget_estimate(line: Exchange, given: Mapping[str, Any]) -> None:
    """What is counted from now on needs no estimate of what it would count."""
    if line.exempted_kg_co2e is None or ESTIMATE in given:
        return
    if providers.provider_of(line) is not None:
        line.exempted_kg_co2e = None


def _check(line: Exchange, changed: list[str], findings: Findings, beside: Beside) -> None:
    is_elementary = line.kind == Exchange.Kind.ELEMENTARY
    if "gas" in changed:
        with findings.collecting():
            _check_known_gas(line, beside)
    own = (_check_gas,) if is_elementary else (_check_flow, _check_unit, _check_output)
    for check in (*own, _check_reference, _check_basis, _check_carrier, _check_exempted):
        try:
            check(line, beside)
        except Refusal as refusal:
            findings.keep(refusal)
    if not findings.refusals:
        with findings.collecting():
            providers.check(line, changed, beside)


def _check_gas(line: Exchange, beside: Beside) -> None:
    if line.product is not None:
        message = _("An elementary flow comes from or goes to nature; it is no product.")
        raise Refusal(message, field="product", code="not_a_product")
    if not line.gas:
        if not line.flow_name and line.factor_version is None:
            raise Refusal(_("Name the flow, or choose its gas."), field="gas", code="required")
        return
    if units.dimension(line.unit) is not units.Dimension.MASS:
        message = _("A gas is counted by mass; %(unit)s is no unit of mass.")
        raise Refusal(message % {"unit": line.unit}, field="unit", code="unit_mismatch")


def _check_known_gas(line: Exchange, beside: Beside) -> None:
    if line.gas and not beside.knows_gas(line.gas):
        message = _("The gas “%(gas)s” is not known. Choose one from the list, for example CO2, CH4, N2O.")
        raise Refusal(message % {"gas": line.gas}, field="gas", code="unknown_gas")


def _check_flow(line: Exchange, beside: Beside) -> None:
    if line.product is None:
        raise Refusal(_("Choose the product or waste of this line."), field="product", code="required")
    if line.gas:
        message = _("A line is either a product or a gas. Remove one of the two.")
        raise Refusal(message, field="gas", code="product_and_gas")
    if line.product.kind != line.kind:
        message = _("%(product)s is kept as “%(kind)s”; the line says otherwise.")
        words = {"product": named(line.product), "kind": line.product.get_kind_display()}
        raise Refusal(message % words, field="kind", code="other_kind")


def _check_unit(line: Exchange, beside: Beside) -> None:
    product = line.product
    if product is None or measures.converts(line.unit, product.unit, nature(product)):
        return
    message = _(
        "%(product)s is counted in %(declared)s; an amount in %(unit)s cannot be converted. Choose a unit "
        "that measures the same, or enter the conversion with the product."
    )
    declared, stated = (units.display(code) for code in (product.unit, line.unit))
    words = {"product": named(product), "declared": declared, "unit": stated}
    raise Refusal(message % words, field="unit", code="unit_mismatch")


def _check_output(line: Exchange, beside: Beside) -> None:
    if providers.makes(line) and line.amount == 0:
        message = _("The amount a process makes must be greater than 0: everything else is per unit of it.")
        raise Refusal(message, field="amount", code="zero_output")


def _check_reference(line: Exchange, beside: Beside) -> None:
    if not line.is_reference:
        return
    if not providers.makes(line):
        message = _("Only a product that the process makes, or a waste that it treats, can be its reference.")
        raise Refusal(message, field="is_reference", code="not_an_output")
    if other := beside.other_reference(line):
        message = _("%(product)s is the reference product of this process already.")
        words = {"product": named(other)}
        raise Refusal(message % words, field="is_reference", code="second_reference")


def _check_basis(line: Exchange, beside: Beside) -> None:
    """What an output weighs in a custom allocation: an amount with its unit."""
    if line.allocation_basis is None and not line.allocation_basis_unit:
        return
    if not providers.makes(line):
        message = _("Only what a process makes takes part in its allocation.")
        raise Refusal(message, field="allocation_basis", code="not_an_output")
    if line.allocation_basis is None:
        message = _("Enter the amount, or leave its unit empty.")
        raise Refusal(message, field="allocation_basis", code="required")
    if not line.allocation_basis_unit:
        message = _("Say which unit the amount is in.")
        raise Refusal(message, field="allocation_basis_unit", code="required")


def _check_carrier(line: Exchange, beside: Beside) -> None:
    """Heat and power are outputs; a temperature belongs to heat."""
    if line.carrier and not providers.makes(line):
        message = _("Only what a process makes takes part in its allocation.")
        raise Refusal(message, field="carrier", code="not_an_output")
    if not line.carrier and line.reference_efficiency is not None:
        message = _("Say first whether this is heat or power.")
        raise Refusal(message, field="carrier", code="required")
    if line.heat_celsius is not None and line.carrier != Exchange.Carrier.HEAT:
        message = _("Only heat has a temperature here. Choose heat, or leave the temperature empty.")
        raise Refusal(message, field="heat_celsius", code="not_heat")


def _check_exempted(line: Exchange, beside: Beside) -> None:
    """An estimate stands in for a provider that nobody named."""
    if line.exempted_kg_co2e is None:
        return
    if line.kind == Exchange.Kind.ELEMENTARY or line.is_avoided or not providers.takes_a_provider(line):
        message = _("Only what a process takes in or gives away for treatment can be left out.")
        raise Refusal(message, field="exempted_kg_co2e", code="not_left_out")
    if providers.provider_of(line) is not None:
        message = _("The line counts what its provider brings. Empty the estimate, or choose no provider.")
        raise Refusal(message, field="exempted_kg_co2e", code="estimate_and_provider")
