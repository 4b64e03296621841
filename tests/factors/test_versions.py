"""Publishing, withdrawing, and the promise that a published number stays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.visibility import acting_as
from factors import queries
from factors.actions.load_seed import load_seed
from factors.actions.publish_version import NothingNew, columns, publish_version
from factors.actions.withdraw_version import withdraw_version
from factors.content import Emission
from factors.models import Factor, FactorEmission, FactorVersion
from factors.seed.reading import Seed
from tests import builders
from tests.factors.conftest import ANOTHER, Contents

REFUSED_BY_DATABASE = (IntegrityError, InternalError)
Counting = Callable[[int], AbstractContextManager[object]]


def test_a_correction_supersedes_the_same_year_and_leaves_the_others(
    grid: Factor, curator: Actor, content: Contents
) -> None:
    new = publish_version(grid, by=curator, prepared_by=ANOTHER, content=content("0.5307"))
    assert (new.number, new.status, new.published_by) == (4, "published", "Cao Lin")
    assert new.supersedes is not None and new.supersedes.reference_year == 2023
    states = dict(grid.versions.values_list("number", "status"))
    assert states == {1: "published", 2: "published", 3: "superseded", 4: "published"}


def test_a_new_year_supersedes_nothing_unless_told(grid: Factor, curator: Actor, content: Contents) -> None:
    new = publish_version(grid, by=curator, prepared_by=ANOTHER, content=content("0.51", reference_year=2024))
    assert new.supersedes is None
    old = grid.versions.get(number=1)
    newer = publish_version(
        grid, by=curator, prepared_by=ANOTHER, content=content("0.52", reference_year=2025), replaces=old
    )
    assert newer.supersedes == old
    old.refresh_from_db()
    assert old.status == "superseded"


def test_what_one_company_has_for_itself_takes_no_number_of_all(
    grid: Factor, curator: Actor, content: Contents
) -> None:
    def published(year: int) -> FactorVersion:
        made = publish_version(grid, by=curator, prepared_by=ANOTHER, content=content(reference_year=year))
        made.refresh_from_db()
        return made

    first, company = published(2024), builders.company()
    factor = Factor.objects.create(
        company=company, code="own", name_zh="x", name_en="x", kind="electricity", unit="kWh"
    )
    own = FactorVersion.objects.create(
        **columns(content()), company=company, factor=factor, number=1, source=first.source
    )
    FactorVersion.objects.filter(pk=own.pk).update(status="withdrawn")
    own.refresh_from_db()
    assert (own.change_number, published(2025).change_number) == (0, (first.change_number or 0) + 1)


def test_only_curators_publish(grid: Factor, owner: Actor, content: Contents) -> None:
    with pytest.raises(NotAllowed):
        publish_version(grid, by=owner, prepared_by=ANOTHER, content=content())
    with pytest.raises(NotAllowed):
        withdraw_version(grid.versions.get(number=1), by=owner, reason="no")
    assert grid.versions.count() == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kg": "-0.1"}, "negative"),
        ({"kg": "NaN"}, "not_finite"),
        ({"kg": "Infinity"}, "not_finite"),
        ({"kg": "610"}, "absurd"),
        ({"kg": "1e-99999"}, "too_fine"),
        ({"kg": "0e-99999"}, "too_fine"),
        ({"kg": "0." + "1" * 41}, "too_fine"),
        ({"kg": "12"}, "jump"),
        ({"gas": "Phlogiston", "scope": "co2e"}, "unknown_gas"),
        ({"origin": "mineral"}, "unknown_origin"),
        ({"gas": "CH4"}, "scope"),
        ({"geography": "ATLANTIS"}, "unknown_geography"),
        ({"reference_year": 1989}, "year"),
        ({"reference_year": 2999}, "year"),
        ({"source_locator": " "}, "no_locator"),
        ({"emissions": ()}, "no_emissions"),
        ({"uncertainty_gsd2": Decimal("0.5")}, "uncertainty"),
        ({"emissions": (Emission("CO2", "fossil", Decimal(1)),) * 2}, "twice"),
        (
            {
                "emissions": (
                    Emission("CO2", "fossil", Decimal(1)),
                    Emission("CO2e", "unspecified", Decimal(1)),
                ),
                "scope": "co2e",
            },
            "mixed",
        ),
    ],
)
def test_a_bad_content_is_refused_in_words_and_nothing_is_stored(
    grid: Factor, curator: Actor, content: Contents, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusals) as refused:
        publish_version(grid, by=curator, prepared_by=ANOTHER, content=content(**changes))
    assert code in {refusal.code for refusal in refused.value.refusals}
    assert all("%(" not in str(refusal) and refusal.field for refusal in refused.value.refusals)
    assert grid.versions.count() == 3


def test_a_checked_jump_is_published(grid: Factor, curator: Actor, content: Contents) -> None:
    assert (
        publish_version(
            grid, by=curator, prepared_by=ANOTHER, content=content("12"), is_jump_checked=True
        ).number
        == 4
    )


def test_the_same_content_is_not_a_new_version(grid: Factor, curator: Actor, content: Contents) -> None:
    publish_version(grid, by=curator, prepared_by=ANOTHER, content=content("0.50"))
    with pytest.raises(NothingNew):
        publish_version(grid, by=curator, prepared_by=ANOTHER, content=content("0.5"))


def test_an_unknown_source_is_refused(grid: Factor, curator: Actor, content: Contents) -> None:
    with pytest.raises(Refusal) as refused:
        publish_version(grid, by=curator, prepared_by=ANOTHER, content=content(source="hearsay"))
    assert refused.value.field == "source"


def test_withdrawing_needs_a_reason_and_happens_once(grid: Factor, curator: Actor) -> None:
    version = grid.versions.get(number=3)
    with pytest.raises(Refusal, match="Say why"):
        withdraw_version(version, by=curator, reason="  ")
    withdrawn = withdraw_version(version, by=curator, reason="Wrong table")
    assert (withdrawn.status, withdrawn.status_reason) == ("withdrawn", "Wrong table (Cao Lin)")
    with pytest.raises(Refusal, match="already"):
        withdraw_version(version, by=curator, reason="Wrong table")
    assert version not in queries.factors_for(curator)


def test_a_correction_comes_after_what_was_withdrawn(grid: Factor, curator: Actor, content: Contents) -> None:
    gone = publish_version(grid, by=curator, prepared_by=ANOTHER, content=content("0.5307"))
    withdraw_version(gone, by=curator, reason="Wrong table")
    elsewhere = publish_version(
        grid, by=curator, prepared_by=ANOTHER, content=content("0.61", geography="CN-SD")
    )
    right = publish_version(grid, by=curator, prepared_by=ANOTHER, content=content("0.5366"))
    gone.refresh_from_db()
    assert (right.supersedes, gone.status) == (gone, "withdrawn")
    assert elsewhere.supersedes is None


def test_a_correction_at_another_place_comes_after_what_it_names(
    grid: Factor, curator: Actor, content: Contents
) -> None:
    gone = publish_version(
        grid, by=curator, prepared_by=ANOTHER, content=content("0.5307", geography="CN-SD")
    )
    withdraw_version(gone, by=curator, reason="Another province")
    right = publish_version(
        grid, by=curator, prepared_by=ANOTHER, content=content("0.5307", geography="CN-HE"), replaces=gone
    )
    assert right.supersedes == gone


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE factors_factorversion SET reference_year = 2020",
        "UPDATE factors_factorversion SET note_en = 'x'",
        "UPDATE factors_factorversion SET published_at = now() - interval '1 day'",
        "DELETE FROM factors_factorversion",
        "UPDATE factors_factoremission SET kg_per_unit = 0",
        "DELETE FROM factors_factoremission",
        "UPDATE factors_characterizationfactor SET value = 1",
        "DELETE FROM factors_characterizationfactor",
        "UPDATE factors_factor SET unit = 'MWh'",
    ],
)
def test_the_database_keeps_what_is_published(grid: Factor, statement: str) -> None:
    with (
        pytest.raises(REFUSED_BY_DATABASE, match="never"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_status_does_not_go_back(grid: Factor, curator: Actor) -> None:
    withdraw_version(grid.versions.get(number=3), by=curator, reason="Wrong table")
    with pytest.raises(REFUSED_BY_DATABASE, match="go back"), transaction.atomic():
        FactorVersion.objects.filter(number=3).update(status="published")


@pytest.mark.parametrize("kg", ["NaN", "Infinity", "-1"])
def test_the_database_refuses_amounts_that_are_none(grid: Factor, kg: str) -> None:
    with pytest.raises(REFUSED_BY_DATABASE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO factors_factoremission (version_id, gas, origin, kg_per_unit) "
            "SELECT id, 'SF6', 'fossil', %s::numeric FROM factors_factorversion LIMIT 1",
            [kg],
        )


@pytest.mark.django_db(transaction=True)
def test_no_emission_joins_a_version_later(seed: Seed) -> None:
    load_seed(seed)
    version = FactorVersion.objects.all()[0]
    with pytest.raises(REFUSED_BY_DATABASE, match="joins"):
        FactorEmission.objects.create(version=version, gas="SF6", origin="fossil", kg_per_unit=Decimal(1))


def test_a_curator_publishes_with_the_rights_of_the_web(
    grid: Factor, curator: Actor, content: Contents
) -> None:
    with acting_as(curator):
        new = publish_version(grid, by=curator, prepared_by=ANOTHER, content=content("0.5307"))
        withdraw_version(new, by=curator, reason="Wrong table")
    new.refresh_from_db()
    assert new.status == "withdrawn"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE factors_factorversion SET reference_year = 2020",
        "DELETE FROM factors_factoremission",
        "INSERT INTO factors_greenhousegas (code, name_zh, name_en, cas, formula, aliases) "
        "VALUES ('X', '', '', '', '', '{}')",
        "UPDATE factors_source SET redistribution = 'yes'",
        "UPDATE factors_factor SET name_en = 'x'",
    ],
)
def test_the_web_may_not_write_the_shared_tables(grid: Factor, curator: Actor, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(curator):
        connection.cursor().execute(statement)


def test_visitors_learn_nothing(grid: Factor) -> None:
    nobody = Actor.nobody()
    assert not queries.factors_for(nobody).exists()
    assert not queries.factors(nobody).exists()
    assert queries.emissions_of(nobody, [1, 2, 3]) == {}
    assert queries.gas_names(nobody) == {}


@pytest.mark.parametrize(
    ("search", "found"),
    [("电网", 3), ("天然气 燃烧", 3), ("NATURAL gas", 3), ("电力碳足迹", 2), ("unobtainium", 0)],
)
def test_search_in_both_languages(small: Seed, owner: Actor, search: str, found: int) -> None:
    assert queries.factors_for(owner, search=search).count() == found


def test_filters_combine(small: Seed, owner: Actor) -> None:
    found = queries.factors_for(owner, kind="electricity", scope="co2", year=2023)
    assert [version.factor.code for version in found] == ["grid-cn-national-average"]


def test_weighing_a_resolved_version(loaded: Seed, owner: Actor) -> None:
    version = FactorVersion.objects.get(factor__code="fuel-anthracite-t", geography="GLO")
    total5, parts = queries.recharacterise(owner, version, "AR5")
    assert total5 == Decimal("2624.61") + Decimal("0.0267") * 28 + Decimal("0.04005") * 265
    assert [emission.gas for emission, _kg in parts] == ["CO2", "CH4", "N2O"]
    total20, _parts = queries.recharacterise(owner, version, "AR6", horizon=20)
    assert total20 == Decimal("2624.61") + Decimal("0.0267") * Decimal("81.2") + Decimal("0.04005") * 273


def test_a_total_in_co2e_is_not_weighed_again(loaded: Seed, owner: Actor) -> None:
    british = FactorVersion.objects.get(factor__code="desnz-butane-wtt-t")
    with pytest.raises(queries.NotResolvedByGas, match="AR5"):
        queries.recharacterise(owner, british, "AR6")
    assert queries.recharacterise(owner, british, "AR5")[0] == Decimal("344.30947")
    chinese = FactorVersion.objects.get(factor__code="electricity-cn-footprint-average", reference_year=2024)
    for set_code in ("AR5", "AR6"):
        with pytest.raises(queries.NotResolvedByGas, match="does not say"):
            queries.recharacterise(owner, chinese, set_code)


def test_biomass_carbon_is_beside_the_total(loaded: Seed, owner: Actor) -> None:
    wood = FactorVersion.objects.get(factor__code="fuel-wood-wood-waste-gj")
    total, parts = queries.recharacterise(owner, wood, "AR6")
    weights = {(emission.gas, emission.origin): kg for emission, kg in parts}
    assert weights["CO2", "biogenic"] == 0
    assert total == Decimal("0.03") * 27 + Decimal("0.004") * 273


def test_emissions_of_many_versions_take_one_query(
    loaded: Seed, owner: Actor, django_assert_num_queries: Counting
) -> None:
    ids = list(FactorVersion.objects.values_list("id", flat=True))
    with django_assert_num_queries(1):
        assert len(queries.emissions_of(owner, ids)) == 711
