"""A file of proposals: each screened as if it came alone, all or those that nothing speaks against."""

from __future__ import annotations

import pytest

from accounts.errors import NotAllowed, Refusal, Refusals
from factors.actions.propose_table import propose_table
from factors.models import FactorProposal
from tests import builders
from tests.factors.test_import import GOOD, table

AGAIN = {**GOOD, "code": "steam-lp", "name_en": "Low pressure steam"}
TOTAL = {
    **GOOD, "code": "burner", "name_en": "Burner", "kind": "fuel", "boundary": "combustion", "gas": "CO2e",
    "origin": "unspecified",
}  # fmt: skip


def test_every_version_becomes_a_proposal(small: object) -> None:
    company = builders.company()
    done = propose_table(table(GOOD, AGAIN), by=builders.actor(company), company=company, reason="measured")
    assert [each.code for each in done.proposals] == ["steam-hp", "steam-lp"] and not done.left_out
    assert {each.company_id for each in done.proposals} == {company.pk}
    assert {each.reason for each in done.proposals} == {"measured"}


def test_all_or_nothing_unless_told(small: object) -> None:
    company = builders.company()
    wrong_unit = {**GOOD, "code": "grid-cn-national-average", "unit": "GJ", "kind": "electricity"}
    rows = table(GOOD, wrong_unit)
    with pytest.raises(Refusals) as refused:
        propose_table(rows, by=builders.actor(company), company=company)
    assert [(each.row, each.field, each.code) for each in refused.value.refusals] == [
        (3, "unit", "other_unit")
    ]
    assert not FactorProposal.objects.exists()
    done = propose_table(rows, by=builders.actor(company), company=company, leaves_out=True)
    assert len(done.proposals) == len(done.left_out) == 1


def test_a_file_handed_in_again_proposes_only_what_is_new(small: object) -> None:
    company, other = builders.company(), builders.company()
    propose_table(table(GOOD), by=builders.actor(company), company=company)
    mended = table({**GOOD, "kg_per_unit": "60.50"}, AGAIN)
    done = propose_table(mended, by=builders.actor(company), company=company)
    assert [each.code for each in done.proposals] == ["steam-lp"]
    assert [(each.row, each.code) for each in done.left_out] == [(2, "proposed")]
    assert len(propose_table(table(GOOD), by=builders.actor(other), company=other).proposals) == 1
    FactorProposal.objects.filter(company=company).update(state="retracted")
    assert len(propose_table(table(GOOD), by=builders.actor(company), company=company).proposals) == 1


def test_what_cannot_be_read_is_refused_as_a_whole(small: object) -> None:
    company = builders.company()
    for broken, code in (({**AGAIN, "unit": "furlong"}, "unknown_unit"), (TOTAL, "gas_split")):
        with pytest.raises(Refusals) as refused:
            propose_table(table(GOOD, broken), by=builders.actor(company), company=company, leaves_out=True)
        assert [each.code for each in refused.value.refusals] == [code]
    assert not FactorProposal.objects.exists()


def test_nobody_proposes_for_another_company(small: object) -> None:
    with pytest.raises(NotAllowed):
        propose_table(table(GOOD), by=builders.actor(builders.company()), company=builders.company())


def test_a_table_without_a_line_is_refused(small: object) -> None:
    company = builders.company()
    with pytest.raises(Refusal) as refused:
        propose_table(table(), by=builders.actor(company), company=company)
    assert refused.value.code == "required"
