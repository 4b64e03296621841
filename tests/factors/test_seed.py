"""The built-in content: sourced, recomputable, loaded once."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.actor import Actor
from accounts.visibility import acting_as
from factors import derivation, queries
from factors.actions.load_seed import SEEDED, SeedConflict, load_seed
from factors.actions.publish_version import publish_version
from factors.actions.withdraw_version import withdraw_version
from factors.content import Emission, faults
from factors.models import CharacterizationFactor, Factor, FactorVersion
from factors.origins import split_name
from factors.seed.reading import BadSeed, Seed, read
from tests.factors.conftest import ANOTHER, Contents

APPLIED = Path(__file__).with_name("gwp100_applied_to_uslci.csv")
WORKER = Actor.worker()


def test_every_row_names_document_place_and_year(seed: Seed) -> None:
    documents = {source.code: source for source in seed.sources}
    for version in seed.versions:
        content = version.content
        assert content.source in documents and content.source_locator, version.factor.code
        assert content.transcription in {"single", "confirmed", "official"}
    for value in seed.gwp:
        assert value.source in documents and value.locator
    for source in seed.sources:
        assert source.licence and source.redistribution == "yes" and source.year > 1990


def test_no_row_is_doubled(seed: Seed) -> None:
    places = Counter((version.factor.code, version.content.place) for version in seed.versions)
    assert [place for place, count in places.items() if count > 1] == []
    values = Counter((value.set, value.horizon, value.gas, value.origin) for value in seed.gwp)
    assert max(values.values()) == 1


def test_no_row_has_a_fault(seed: Seed) -> None:
    gases = {gas.code for gas in seed.gases}
    for version in seed.versions:
        found = faults(version.content, version.factor.unit, gases, newest_year=2026)
        assert found == [], version.factor.code


def test_a_factor_has_one_name_and_one_unit(seed: Seed) -> None:
    factors = {version.factor for version in seed.versions}
    assert len(factors) == len({factor.code for factor in factors})
    assert len(factors) == len({(factor.name_zh, factor.unit) for factor in factors})
    assert len(factors) == len({(factor.name_en, factor.unit) for factor in factors})


def test_fuels_recompute_from_heating_value_carbon_and_oxidation(seed: Seed) -> None:
    carbon = [version for version in seed.versions if version.recipe == "carbon"]
    assert len(carbon) == 25 + 14 + 20
    for version in carbon:
        ncv, content, oxidised = (
            Fraction(version.figures[key]) for key in ("ncv_gj", "carbon_kg_per_gj", "oxidation")
        )
        exact = ncv * content * oxidised * 44 / 12
        stated = Fraction(version.content.emissions[0].kg_per_unit)
        assert abs(stated - exact) <= exact * Fraction(1, 10**23), version.factor.code


@pytest.mark.parametrize(
    ("factor", "year", "kg"),
    [
        ("fuel-anthracite-t", 2014, "1923.78099"),
        ("fuel-natural-gas-nm3", 2014, "21621.88809"),
        ("fuel-closed-carbide-furnace-gas-nm3", 2014, "15947.01435"),
        ("fuel-diesel-t", 2025, "3095.91"),
        ("grid-cn-national-average", 2023, "0.5306"),
        ("grid-cn-national-residual", 2023, "0.6096"),
        ("grid-cn-sd-average", 2023, "0.6191"),
        ("electricity-cn-footprint-average", 2024, "0.5777"),
        ("electricity-cn-footprint-pv", 2024, "0.052"),
        ("heat-cn-default", 2026, "110"),
        ("cbam-cn-hydrogen", 2026, "26640"),
        ("cbam-cn-ammonia", 2026, "4360"),
        ("cbam-cn-urea", 2026, "2850"),
    ],
)
def test_published_figures(seed: Seed, factor: str, year: int, kg: str) -> None:
    found = [
        version.content.emissions
        for version in seed.versions
        if version.factor.code == factor and version.content.reference_year == year
    ]
    assert float(found[0][0].kg_per_unit) == pytest.approx(float(kg), rel=2e-6)


def test_british_fuels_add_up_to_their_published_total(seed: Seed) -> None:
    gwp = {"CO2": 1, "CH4": 28, "N2O": 265}
    fuels = [version for version in seed.versions if version.recipe == "published_co2e"]
    assert len(fuels) > 80
    for version in fuels:
        total = sum(float(e.kg_per_unit) * gwp[e.gas] for e in version.content.emissions)
        assert total == pytest.approx(float(version.figures["co2e_total"]), abs=2.1e-5), version.factor.code


def test_direct_co2_and_life_cycle_electricity_are_never_one_factor(seed: Seed) -> None:
    kinds: dict[str, set[tuple[str, str]]] = {}
    for version in seed.versions:
        if version.factor.kind == "electricity":
            content = version.content
            kinds.setdefault(version.factor.code, set()).add((content.scope, content.boundary))
    assert all(len(scopes) == 1 for scopes in kinds.values())


def test_gwp_agrees_with_the_values_applied_to_the_reference_inventory(loaded: Seed) -> None:
    names = queries.gas_names(WORKER)
    with APPLIED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 32
    for set_code in ("AR4", "AR5", "AR6"):
        values = queries.characterization(WORKER, set_code)
        for row in rows:
            stem, origin = split_name(row["flow_name"])
            stated = row[f"gwp100_{set_code.lower()}"]
            found = values.get((names[stem.lower()], origin.value))
            assert found == (Decimal(stated) if stated else None), (set_code, row["flow_name"])


@pytest.mark.parametrize(
    "name", ["Ethane", "Propane", "Butane", "Chloroethane", "Tetrachloroethylene", "Ethylene dibromide"]
)
def test_short_lived_substances_are_not_characterised(loaded: Seed, name: str) -> None:
    assert name.lower() not in queries.gas_names(WORKER)


@pytest.mark.parametrize(
    ("set_code", "gas", "origin", "value"),
    [
        ("AR5", "CH4", "unspecified", "28"),
        ("AR5", "CH4", "fossil", "30"),
        ("AR5", "CH4", "biogenic", "28"),
        ("AR6", "CH4", "unspecified", "27.9"),
        ("AR6", "CH4", "fossil", "29.8"),
        ("AR6", "CH4", "biogenic", "27"),
        ("AR6", "CH4", "land_use", "27.9"),
        ("AR4", "CH4", "fossil", "25"),
        ("AR6", "CO2", "biogenic", "0"),
        ("AR6", "CO2", "land_use", "1"),
        ("AR6", "N2O", "biogenic", "273"),
        ("AR6", "CO2e", "unspecified", "1"),
    ],
)
def test_origin_first_then_unspecified(
    loaded: Seed, set_code: str, gas: str, origin: str, value: str
) -> None:
    assert queries.characterization(WORKER, set_code)[gas, origin] == Decimal(value)


def test_fossil_methane_has_a_value_of_its_own_over_twenty_years(loaded: Seed) -> None:
    values = queries.characterization(WORKER, "AR6", 20)
    assert (values["CH4", "fossil"], values["CH4", "biogenic"]) == (Decimal("82.5"), Decimal("81.2"))


def test_loading_twice_changes_nothing(loaded: Seed) -> None:
    before = list(FactorVersion.objects.order_by("pk").values())
    again = load_seed(loaded)
    assert (again.gwp_new, again.versions_new, again.versions_superseded) == (0, 0, 0)
    assert list(FactorVersion.objects.order_by("pk").values()) == before


def test_a_changed_row_becomes_a_new_version(small: Seed) -> None:
    changed = _with_national_2023(small, "0.5310")
    result = load_seed(changed)
    assert (result.versions_new, result.versions_superseded) == (1, 1)
    new = FactorVersion.objects.get(factor__code="grid-cn-national-average", number=4)
    old = new.supersedes
    assert old is not None and old.status == "superseded"
    assert old.emissions.get().kg_per_unit == Decimal("0.5306")
    assert new.emissions.get().kg_per_unit == Decimal("0.5310")


def test_a_changed_row_comes_after_what_was_withdrawn(small: Seed, curator: Actor) -> None:
    first = small.versions[0]
    old = FactorVersion.objects.get(factor__code=first.factor.code, digest=first.content.digest())
    withdraw_version(old, by=curator, reason="Wrong table")
    changed = replace(first, content=replace(first.content, note_en="Mended."))
    load_seed(replace(small, versions=(changed,)))
    new = FactorVersion.objects.get(digest=changed.content.digest())
    assert (new.supersedes, new.status) == (old, first.status)


def test_a_curators_version_is_left_to_the_curator(
    small: Seed, grid: Factor, curator: Actor, content: Contents
) -> None:
    publish_version(grid, by=curator, prepared_by=ANOTHER, content=content("0.5307"))
    result = load_seed(_with_national_2023(small, "0.5310"))
    assert (result.versions_new, result.versions_kept) == (0, 1)


def test_a_published_gwp_value_is_not_changed_by_the_seed(small: Seed) -> None:
    gwp = tuple(
        replace(value, value=Decimal(99)) if (value.set, value.gas) == ("AR6", "SF6") else value
        for value in small.gwp
    )
    with pytest.raises(SeedConflict, match="SF6"):
        load_seed(replace(small, gwp=gwp))
    assert not CharacterizationFactor.objects.filter(value=99).exists()


def test_legacy_grid_factors_are_superseded_and_single_rows_are_marked(loaded: Seed) -> None:
    legacy = FactorVersion.objects.filter(source__code="ndrc-grid-2012")
    assert set(legacy.values_list("status", flat=True)) == {"superseded"}
    assert FactorVersion.objects.filter(transcription="single").count() > 400
    shandong = FactorVersion.objects.get(factor__code="grid-cn-sd-average", reference_year=2023)
    assert shandong.transcription == "official" and shandong.published_by == SEEDED


def test_the_command_tells_what_it_did(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_factors")
    assert "711 new versions" in capsys.readouterr().out
    call_command("load_factors")
    assert "0 new versions" in capsys.readouterr().out


def test_a_broken_row_names_file_and_line(tmp_path: Path) -> None:
    source = Path(derivation.__file__).parent / "seed"
    for file in source.glob("*.csv"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    heat = tmp_path / "heat.csv"
    heat.write_text(heat.read_text(encoding="utf-8").replace("CO2/fossil=110", "CO2/fossil=lots"), "utf-8")
    with pytest.raises(BadSeed, match=r"heat\.csv line 2"):
        read(tmp_path)


def _with_national_2023(seed: Seed, kg: str) -> Seed:
    def changed(version):  # type: ignore[no-untyped-def]
        is_meant = (
            version.factor.code == "grid-cn-national-average" and version.content.reference_year == 2023
        )
        if not is_meant:
            return version
        emissions = (Emission("CO2", "fossil", Decimal(kg)),)
        return replace(version, content=replace(version.content, emissions=emissions))

    return replace(seed, versions=tuple(changed(version) for version in seed.versions))


def test_the_workers_login_may_load(db: None, seed: Seed) -> None:
    with acting_as(WORKER):
        assert load_seed(seed).versions_new == len(seed.versions)
        assert load_seed(seed).versions_new == 0
