"""The verifier's own test data against the calculation: other amounts, and the figure they expect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from footprint.engine.bundle import unpack
from footprint.engine.errors import EngineError
from footprint.engine.own_amounts import figure_with, lines_in
from footprint.verification import queries
from footprint.verification.actions.engagement import require_at_work
from footprint.verification.models import Dossier, Engagement

MOST_LINES, MOST_CASES = 100, 50
CLOSE = 1e-6
"""As a share of the figure: as far as a calculation by hand or spreadsheet may be off."""


@transaction.atomic
def run_own_data(
    engagement: Engagement,
    *,
    by: Actor,
    at: datetime,
    amounts: Mapping[str, Decimal],
    expected: Decimal | None = None,
) -> Engagement:
    """Solve the dossier's bundle with these amounts, each in the unit of its line; keep what came of it.

    ``expected``, kg CO2e per declared unit by AR6, is what the verifier worked out. Nothing of the company's
    changes.

    Raises:
        NotAllowed; Refusal: no amount, a line that cannot be another, or a figure that cannot be solved.
    """
    require_at_work(engagement, by, "reviewing")
    found = queries.dossier(by, engagement)
    if found is None:
        raise NotAllowed(_("The dossier is not open to you."))
    before = list((engagement.test_run or {}).get("cases", ()))
    if len(before) >= MOST_CASES:
        raise Refusal(_("So many test runs are kept already."), code="too_many")
    times = _times(found, amounts)
    try:
        figure = figure_with(unpack(bytes(found.bundle)), times)["AR6"]
    except EngineError as error:
        raise Refusal(error.sentence, code="not_solved") from error
    case = {
        "amounts": {line: format(amount, "f") for line, amount in amounts.items()},
        "figure": repr(figure),
        "expected": None if expected is None else format(expected, "f"),
        "agrees": None if expected is None else _agrees(figure, float(expected)),
        "at": at.isoformat(),
    }
    kept = {**(engagement.test_run or {}), "cases": [*before, case]}
    Engagement.objects.filter(pk=engagement.pk).update(test_run=kept)
    engagement.refresh_from_db()
    return engagement


def _agrees(figure: float, expected: float) -> bool:
    return abs(figure - expected) <= CLOSE * max(abs(figure), abs(expected))


def _times(found: Dossier, amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """How many times what was entered each amount is."""
    if not amounts:
        raise Refusal(_("Enter an amount of your own for at least one line."), code="no_amounts")
    if len(amounts) > MOST_LINES:
        raise Refusal(_("So many lines at once are too many."), code="too_many")
    known = queries.lines_of(found)
    solved = lines_in(unpack(bytes(found.bundle)))
    times = {}
    for line, amount in amounts.items():
        if line not in known:
            raise Refusal(_("The copy has no such line."), field="amounts", code="not_found")
        entered = Decimal(known[line][1]["amount"])
        if line not in solved or not entered:
            message = _("The amount of this line cannot be another in a test: it is an output, or nothing.")
            raise Refusal(message, field="amounts", code="not_an_input")
        times[line] = amount / entered
    return times
