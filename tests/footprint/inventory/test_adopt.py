"""Another version of a factor takes the place of one in use: every line of one company, and no other."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.errors import NotAllowed, Refusal
from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from factors.models import FactorVersion
from footprint.calculation import ledger
from footprint.calculation.models import Footprint
from footprint.inventory.actions import adopt_version
from footprint.inventory.models import Exchange
from tests import builders as new

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Member:
    """A company that makes 100 t with 50 MWh of the grid, and some heat."""

    company: Company
    power: Exchange
    heat: Exchange


@pytest.fixture
def grid() -> FactorVersion:
    new.gwp()
    return new.factor_version("0.5")


def member(grid: FactorVersion, heat: FactorVersion) -> Member:
    company = new.company()
    made = new.product(company, unit="t")
    process = new.process(new.inventory(new.site(company)))
    new.output(process, made, "100")
    power = new.takes(process, None, "50", "MWh", factor_version=grid)
    return Member(company, power, new.takes(process, None, "7", "GJ", factor_version=heat))


def used(line: Exchange) -> tuple[int | None, int]:
    line.refresh_from_db()
    return line.factor_version_id, line.version


def value(of: Member) -> float:
    found = Footprint.objects.get(company=of.company).kg_co2e_ar6
    assert found is not None
    return found


def test_exactly_the_lines_of_the_company_move(grid: FactorVersion) -> None:
    heat, newer = new.factor_version("60", "GJ"), new.factor_version("0.4", factor=grid.factor)
    first, second = member(grid, heat), member(grid, heat)
    owner = new.actor(first.company)
    with acting_as(owner):
        assert adopt_version(grid, newer, by=owner, company=first.company) == 1
        assert adopt_version(grid, newer, by=owner, company=first.company) == 0
    assert used(first.power) == (newer.pk, 2)
    assert used(first.heat) == (heat.pk, 1)
    assert (used(second.power), used(second.heat)) == ((grid.pk, 1), (heat.pk, 1))


def test_figures_move_by_the_difference_of_the_factors(grid: FactorVersion) -> None:
    heat, newer = new.factor_version("60", "GJ"), new.factor_version("0.4", factor=grid.factor)
    first, second = member(grid, heat), member(grid, heat)
    ledger.drain()
    before = value(first), value(second)
    owner = new.actor(first.company)
    with acting_as(owner):
        adopt_version(grid, newer, by=owner, company=first.company)
    assert ledger.drain().settled == 1
    # 50 MWh of 0.1 kg/kWh less, over 100 t
    assert value(first) - before[0] == pytest.approx(-50_000 * 0.1 / 100, rel=1e-12)
    assert value(second) == before[1]


def test_one_statement_whatever_the_number_of_lines(grid: FactorVersion) -> None:
    made = member(grid, grid)
    newer = new.factor_version("0.4", factor=grid.factor)
    owner = new.actor(made.company)
    statements: list[str] = []

    def note(execute, sql, *more):  # type: ignore[no-untyped-def]
        statements.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        assert adopt_version(grid, newer, by=owner, company=made.company) == 2
    assert [sql for sql in statements if sql.startswith("UPDATE")] == statements[-1:]


@pytest.mark.parametrize("role", [Role.PLANT_PROVIDER, Role.APPROVER, Role.ERP_CLIENT, Role.CURATOR])
def test_only_the_data_owner_adopts(grid: FactorVersion, role: Role) -> None:
    made = member(grid, grid)
    newer = new.factor_version("0.4", factor=grid.factor)
    with pytest.raises(NotAllowed):
        adopt_version(grid, newer, by=new.actor(made.company, role), company=made.company)
    assert used(made.power) == (grid.pk, 1)


def test_another_companys_owner_may_not(grid: FactorVersion) -> None:
    made = member(grid, grid)
    newer = new.factor_version("0.4", factor=grid.factor)
    with pytest.raises(NotAllowed):
        adopt_version(grid, newer, by=new.actor(new.company()), company=made.company)


def test_a_version_that_cannot_take_the_place(grid: FactorVersion) -> None:
    made = member(grid, grid)
    owner = new.actor(made.company)
    withdrawn = new.factor_version("0.4", factor=grid.factor, status="withdrawn")
    refused = {
        "same_version": grid,
        "factor_withdrawn": withdrawn,
        "unit_mismatch": new.factor_version("2", "kg"),
    }
    for code, version in refused.items():
        with pytest.raises(Refusal) as refusal:
            adopt_version(grid, version, by=owner, company=made.company)
        assert refusal.value.code == code
    assert used(made.power) == (grid.pk, 1)


def test_another_factor_of_the_same_dimension_will_do(grid: FactorVersion) -> None:
    made = member(grid, grid)
    per_megawatt_hour = new.factor_version("300", "MWh")
    adopt_version(grid, per_megawatt_hour, by=new.actor(made.company), company=made.company)
    ledger.drain()
    # 50 MWh and 7 GJ, over 100 t
    assert value(made) == pytest.approx(300 * (50 + 7 / 3.6) / 100, rel=1e-12)


def test_the_command_adopts_for_one_company_or_for_all(grid: FactorVersion) -> None:
    newer = new.factor_version("0.4", factor=grid.factor)
    first, second = member(grid, grid), member(grid, grid)
    said = StringIO()
    call_command(
        "adopt_factor", str(grid.uuid), str(newer.uuid), "--company", first.company.code, stdout=said
    )
    assert "2 lines use the new version" in said.getvalue()
    assert used(second.power) == (grid.pk, 1)
    call_command("adopt_factor", str(grid.uuid), str(newer.uuid), "--all", stdout=said)
    assert used(second.power) == (newer.pk, 2)
    assert used(first.power) == (newer.pk, 2)


def test_the_command_says_what_is_wrong(grid: FactorVersion) -> None:
    company = member(grid, grid).company.code
    newer = new.factor_version("0.4", factor=grid.factor)
    wrong = (
        (grid.uuid, uuid4(), company, "no factor version"),
        (grid.uuid, newer.uuid, "nobody", "no company"),
        (grid.uuid, grid.uuid, company, "its own place"),
    )
    for old, taken, whose, sentence in wrong:
        with pytest.raises(CommandError, match=sentence):
            call_command("adopt_factor", str(old), str(taken), "--company", whose)
