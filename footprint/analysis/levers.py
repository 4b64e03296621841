"""What somebody would change, line by line: read as it was asked, checked as the change itself would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from footprint.inventory import lines, measures
from footprint.inventory.models import Exchange
from footprint.inventory.queries import lines as stored_lines

MOST = 20
PROVIDERS = ("provider_process", "provider_product", "factor_version")
FIELDS = ("exchange", "amount", "percent", *PROVIDERS, "share")
LARGEST_PERCENT = Decimal(1_000_000)
ALL = Decimal(100)


@dataclass(frozen=True)
class Lever:
    """A line with another amount (in its own unit, or by so many per cent), another provider, or both.

    ``share``: how many per cent of the line the other provider takes over; the rest stays. None: all of it.
    """

    exchange: UUID
    amount: Decimal | None = None
    percent: Decimal | None = None
    provider: tuple[str, UUID] | None = None
    """One of ``PROVIDERS``, and what it names."""
    share: Decimal | None = None

    def record(self) -> dict[str, str]:
        """As JSON keeps it; exact decimals as text."""
        told = {"exchange": str(self.exchange)}
        if self.amount is not None:
            told["amount"] = format(self.amount, "f")
        if self.percent is not None:
            told["percent"] = format(self.percent, "f")
        if self.provider is not None:
            told[self.provider[0]] = str(self.provider[1])
        if self.share is not None:
            told["share"] = format(self.share, "f")
        return told

    @property
    def changes_something(self) -> bool:
        """Whether anything is asked for; a line that was only picked stays as it is."""
        return any(part is not None for part in (self.amount, self.percent, self.provider))


@dataclass(frozen=True)
class Pulled:
    """A lever on the line as it is stored, and the line as it would be.

    ``rest``: what stays with its present provider where another takes over a share of it only.
    """

    lever: Lever
    line: Exchange
    changed: Exchange
    rest: Exchange | None = None


def read(given: object) -> tuple[Lever, ...]:
    """Levers out of JSON or a form; empty fields say nothing.

    Raises:
        Refusal, Refusals: naming the lever, as people count, and its field.
    """
    if not isinstance(given, list) or len(given) > MOST:
        message = _("Send a list of at most %(most)d levers.") % {"most": MOST}
        raise Refusal(message, field="levers", code="too_many")
    found: list[Lever] = []
    refusals: list[Refusal] = []
    for row, each in enumerate(given, start=1):
        try:
            lever = _lever(each)
            if any(lever.exchange == other.exchange for other in found):
                message = _("This line has a lever already. Say all that changes in one.")
                raise Refusal(message, field="exchange", code="twice")
            found.append(lever)
        except Refusal as refusal:
            refusals.append(_at(row, refusal))
    _settle(refusals)
    return tuple(found)


def pulled(actor: Actor, levers: Sequence[Lever]) -> list[Pulled]:
    """The actor's own lines as the levers would have them, refused as the change itself would be.

    Raises:
        Refusal, Refusals: naming the lever and its field.
    """
    known = {
        line.uuid: line for line in stored_lines(actor).filter(uuid__in=[lever.exchange for lever in levers])
    }
    found: list[Pulled] = []
    refusals: list[Refusal] = []
    for row, lever in enumerate(levers, start=1):
        try:
            found.append(_pulled(actor, lever, known))
        except Refusals as several:
            refusals += [_at(row, refusal) for refusal in several.refusals]
        except Refusal as refusal:
            refusals.append(_at(row, refusal))
    _settle(refusals)
    return found


def _lever(given: object) -> Lever:
    if not isinstance(given, Mapping) or (strange := set(given) - set(FIELDS)):
        names = ", ".join(sorted(map(str, strange))) if isinstance(given, Mapping) else ""
        message = _("A lever names an exchange and what changes in it. Not known: %(names)s.")
        raise Refusal(message % {"names": names or "—"}, field="exchange", code="unknown_field")
    stated = {name: value for name, value in given.items() if value not in (None, "")}
    chosen = [name for name in PROVIDERS if name in stated]
    if len(chosen) > 1:
        message = _("A line has one provider. Name one of the three.")
        raise Refusal(message, field=chosen[1], code="several_providers")
    if "amount" in stated and "percent" in stated:
        message = _("Say the new amount or by how many per cent it changes, not both.")
        raise Refusal(message, field="percent", code="amount_and_percent")
    if "share" in stated and not chosen:
        message = _("Name the provider that takes over this share of the line.")
        raise Refusal(message, field="share", code="required")
    return Lever(
        exchange=_uuid(stated.get("exchange"), "exchange"),
        amount=measures.amount(stated["amount"]) if "amount" in stated else None,
        percent=_percent(stated["percent"]) if "percent" in stated else None,
        provider=(chosen[0], _uuid(stated[chosen[0]], chosen[0])) if chosen else None,
        share=_share(stated["share"]) if "share" in stated else None,
    )


def _uuid(given: object, field: str) -> UUID:
    try:
        return given if isinstance(given, UUID) else UUID(str(given))
    except ValueError as error:
        raise Refusal(_("Enter a uuid."), field=field, code="not_a_uuid") from error


def _percent(given: Any) -> Decimal:
    found = measures.number(given, field="percent")
    if not -100 <= found <= LARGEST_PERCENT:
        message = _("Enter a number from −100 (nothing is left) to 1,000,000.")
        raise Refusal(message, field="percent", code="out_of_bounds")
    return found


def _share(given: Any) -> Decimal:
    found = measures.number(given, field="share")
    if not 0 < found <= ALL:
        raise Refusal(_("Enter more than 0 and at most 100."), field="share", code="out_of_bounds")
    return found


def _pulled(actor: Actor, lever: Lever, known: Mapping[UUID, Exchange]) -> Pulled:
    line = known.get(lever.exchange)
    if line is None:
        message = _("There is no such line, or it is not yours to see.")
        raise Refusal(message, field="exchange", code="not_found")
    changes: dict[str, Any] = {}
    if lever.amount is not None:
        changes["amount"] = lever.amount
    if lever.percent is not None:
        changes["amount"] = line.amount * (100 + lever.percent) / 100
    if lever.provider is not None:
        field, uuid = lever.provider
        changes |= {name: uuid if name == field else None for name in PROVIDERS}
    changed = copy(line)
    try:
        lines.fill(changed, changes, by=actor)
    except Refusal as refusal:
        if refusal.field == "amount" and lever.percent is not None:
            refusal.field = "percent"
        raise
    return Pulled(lever, line, changed, _rest(lever, line, changed))


def _rest(lever: Lever, line: Exchange, changed: Exchange) -> Exchange | None:
    """Divide a line that would be: what stays as it is comes back, the rest is left in ``changed``."""
    if lever.share is None or lever.share == ALL:
        return None
    rest = copy(line)
    rest.amount = changed.amount * (ALL - lever.share) / ALL
    changed.amount -= rest.amount
    return rest


def _at(row: int, refusal: Refusal) -> Refusal:
    refusal.row, refusal.listed = row, "levers"
    return refusal


def _settle(refusals: Sequence[Refusal]) -> None:
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise Refusals(refusals)
