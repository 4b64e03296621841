"""A verifier tests the calculation with amounts whose result they worked out."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from accounts.errors import Refusal
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.engine.bundle import unpack
from footprint.engine.errors import BadBundle
from footprint.engine.own_amounts import figure_with, lines_in
from footprint.inventory.models import Exchange
from footprint.verification.actions import run_own_data, run_test
from footprint.verification.models import Dossier, Engagement
from tests import builders as new
from tests.browsing import ask, browser, send, text
from tests.verifying import Scene

pytestmark = pytest.mark.django_db


def at_work(here: Scene) -> tuple[Engagement, str]:
    """With every line in the sample; and the line that emits 3 kg for 2 kg of product."""
    engagement = here.sampled(here.accepted(here.engaged()), size=5)
    return engagement, str(here.plant.line.uuid)


def test_amounts_of_ones_own_give_the_figure_they_must(here: Scene) -> None:
    engagement, line = at_work(here)
    page = f"/verifications/{engagement.uuid}/"
    verifier = browser(here.person)
    assert "Try amounts of your own" in ask(verifier, page)
    send(verifier, f"{page}test-data/", 422, expected="3")
    send(verifier, f"{page}test-data/", **{f"amount-{line}": "6", "expected": "3"})
    send(verifier, f"{page}test-data/", **{f"amount-{line}": "4", "expected": "3"})
    seen = ask(verifier, page)
    assert seen.index("Another figure") < seen.index("As expected")
    assert "3 → 6 kg" in seen
    assert "As expected" in ask(browser(here.plant.people["owner"]), page)
    assert Exchange.objects.get(pk=here.plant.line.pk).amount == 3


def test_cases_stay_when_the_bundle_is_solved_again(here: Scene) -> None:
    engagement, line = at_work(here)
    with acting_as(here.verifier):
        given: dict[str, Any] = {"by": here.verifier, "at": engagement.created_at}
        run_own_data(engagement, amounts={line: Decimal("1.5")}, **given)
        assert engagement.tested_at is None, "it does not stand for the replay that a statement needs"
        run_test(engagement, **given)
    assert engagement.test_run["isSame"]
    (case,) = engagement.test_run["cases"]
    assert (float(case["figure"]), case["expected"], case["agrees"]) == (0.75, None, None)


def test_what_cannot_be_tried_is_refused(here: Scene) -> None:
    engagement, _line = at_work(here)
    output = Exchange.objects.get(process=here.plant.line.process, product=here.plant.product)
    for amounts in ({}, {str(output.uuid): Decimal(1)}, {str(engagement.uuid): Decimal(1)}):
        with acting_as(here.verifier), pytest.raises(Refusal):
            run_own_data(engagement, by=here.verifier, at=engagement.created_at, amounts=amounts)
    bundle = unpack(bytes(Dossier.objects.get().bundle))
    (line,) = lines_in(bundle)
    assert figure_with(bundle, {line: Decimal(1)})["AR6"] == figure_with(bundle, {})["AR6"]
    for times in ({"nowhere": Decimal(1)}, {line: Decimal("1e12")}):
        with pytest.raises(BadBundle):
            figure_with(bundle, times)


def test_over_rest_and_for_nobody_else(here: Scene) -> None:
    engagement, line = at_work(here)
    path = f"/api/v1/verifications/{engagement.uuid}/test-data/"
    given = {"amounts": [{"line": line, "amount": "6"}], "expected": "3"}
    askers = {
        200: here.person,
        403: here.plant.people["owner"],
        404: new.person(new.company(), Role.OWNER),
    }
    for status, person in askers.items():
        answer = browser(person).post(path, json.dumps(given), "application/json")
        assert answer.status_code == status, text(answer)
        send(
            browser(person), f"/verifications/{engagement.uuid}/test-data/", 422 if status == 200 else status
        )
    (case,) = browser(here.person).get(path.replace("test-data/", "")).json()["test_run"]["cases"]
    assert (float(case["figure"]), case["agrees"]) == (3.0, True)
