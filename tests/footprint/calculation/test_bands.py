"""A submission in the review room is held against the ranges of its rules, by its frozen copy alone."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.benchmark.models import Definition
from footprint.calculation.bands import banded
from footprint.calculation.ledger import drain
from footprint.inventory import submissions
from footprint.inventory.models import FrozenCopy, Product, Submission
from footprint.rules.actions.drafts import built_in, load_product_rules
from footprint.rules.actions.publishing import load_profiles
from footprint.rules.actions.seeding import load_categories
from footprint.rules.document.bands import Place
from footprint.rules.document.content import Measured
from footprint.rules.models import ProductCategory, ProductRule
from tests import builders as new
from tests.browsing import ask, browser
from tests.reviewing import Plant, carried, plant

pytestmark = pytest.mark.django_db


@pytest.fixture
def urea() -> Plant:
    """A tonne-wise urea plant that takes in less ammonia than the molecule holds."""
    here = plant()
    load_categories()
    load_profiles()
    load_product_rules({"urea": built_in()["urea"]})
    Product.objects.filter(pk=here.product.pk).update(category=ProductCategory.objects.get(code="urea"))
    ammonia = new.product(here.company, category=ProductCategory.objects.get(code="ammonia"))
    new.takes(here.line.process, ammonia, "1", factor_version=new.factor_version("2", "kg"))
    new.takes(here.line.process, new.product(here.company), "1", factor_version=new.factor_version("1", "kg"))
    drain()
    return here


def against(here: Plant, submission: Submission) -> dict[str, tuple[Decimal | None, Place | None]]:
    with acting_as(here.steward):
        copy = submissions.latest_copy(here.steward, submission)
        assert copy is not None
        rows = banded(here.steward, submission, copy)
        return {each.band.code if each.band else "": (each.value, each.place) for each in rows}


def test_every_band_of_the_rule_is_asked(urea: Plant) -> None:
    document = ProductRule.objects.get(category__code="urea").content
    found = against(urea, carried(urea, "submitted"))
    (weighed,) = [band for band in document.bands if band.measured is Measured.INPUT]
    assert found[weighed.code] == (Decimal("0.5"), Place.BELOW)
    (figure,) = [band for band in document.bands if band.measured is Measured.FOOTPRINT]
    value, lies = found[figure.code]
    assert value == 3
    assert figure.low is not None and figure.high is not None
    assert lies is (Place.WITHIN if figure.low <= value <= figure.high else Place.ABOVE)


def test_the_room_shows_where_it_lies_at_the_product_and_at_the_line(urea: Plant) -> None:
    submission = carried(urea, "submitted")
    room = ask(browser(urea.people["steward"]), f"/submissions/{submission.uuid}/room/")
    assert "Against what is plausible" in room
    assert "1 outside its range" in room
    assert 'class="band-strip"' in room
    assert room.count("Below the plausible range") == 2
    (line,) = re.findall(r'<tr id="line-[^"]+">(?:(?!</tr>).)*Below the plausible range', room, re.S)
    assert "Input" in line


def test_a_copy_without_categories_of_its_lines_still_shows_its_figures(urea: Plant) -> None:
    """As copies were made before they were noted."""
    submission = carried(urea, "submitted")
    copy = FrozenCopy.objects.get(submission=submission)
    old = [{name: value for name, value in row.items() if name != "taken"} for row in copy.figures]
    copy.figures = old
    with acting_as(urea.steward):
        rows = banded(urea.steward, submission, copy)
    assert [each.band.measured for each in rows if each.band] == [Measured.FOOTPRINT]


def test_products_without_a_rule_are_listed_as_such() -> None:
    here = plant()
    submission = carried(here, "submitted")
    assert against(here, submission) == {"": (None, None)}
    assert "No category" in ask(browser(here.people["steward"]), f"/submissions/{submission.uuid}/room/")


def test_what_was_released_is_for_the_company_alone(urea: Plant) -> None:
    submission = carried(urea, "submitted")
    page = f"/submissions/{submission.uuid}/peers/"
    owner = browser(urea.people["owner"])
    assert "No comparison of this year is defined" in ask(owner, page)
    assert page in ask(owner, f"/submissions/{submission.uuid}/room/")
    steward = browser(urea.people["steward"])
    assert page not in ask(steward, f"/submissions/{submission.uuid}/room/")
    ask(steward, page, 404)
    ask(browser(new.person(new.company(), Role.OWNER)), page, 404)
    assert not Definition.objects.exists()
