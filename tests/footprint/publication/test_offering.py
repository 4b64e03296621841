"""An owner offers a published figure as a factor: with consent, the total alone, for whom it is meant."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed, Refusal
from accounts.roles import Role
from factors.models import Factor, FactorProposal, Source
from footprint.publication.actions import propose_publication
from footprint.publication.actions.propose_factor import _source, _thing
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.reviewing import Plant, published

pytestmark = pytest.mark.django_db


def offered(here: Plant, publication: Any, *, consents: bool = True, by: Any = None) -> FactorProposal:
    who = by or new.actor(here.company)
    return propose_publication(publication, by=who, consents=consents, reason="ours", at=timezone.now())


def test_the_total_is_proposed_and_nothing_behind_it(here: Plant) -> None:
    publication = published(here)
    made = offered(here, publication)
    (emission,) = made.stated.emissions
    assert (emission.gas, emission.kg_per_unit) == ("CO2e", Decimal(repr(publication.kg_co2e_ar6)))
    assert (made.company, made.unit, made.stated.gwp_set) == (here.company, publication.unit, "AR6")
    assert made.stated.derivation["content_hash"] == publication.content_hash
    source = Source.objects.get(code=made.stated.source)
    assert source.redistribution == "yes" and here.company.name_en in source.title_en
    for secret in (str(here.line.uuid), here.line.process.code, str(here.inventory.site.uuid)):
        assert secret not in str(made.content)


def test_it_is_found_by_what_the_product_is_in_trade(here: Plant) -> None:
    publication = published(here)
    product = publication.product
    product.cn_code = "29012100"
    product.category = ProductCategory(code="olefins", cpc_code="34110", hs_code="2901")
    assert (_thing(publication).hs, _thing(publication).cpc) == ("290121", "34110")
    product.cn_code = ""
    assert _thing(publication).hs == "2901"
    product.category = None
    assert (_thing(publication).hs, _thing(publication).cpc) == ("", "")


def test_what_is_the_alliances_stays_on_the_platform(here: Plant) -> None:
    made = offered(here, published(here, "alliance"))
    assert Source.objects.get(code=made.stated.source).redistribution == "no"


def became(made: FactorProposal, unit: str = "") -> Factor:
    """As when it is published."""
    names = {"code": made.code, "name_zh": made.name_zh, "name_en": made.name_en, "kind": made.kind}
    factor = Factor.objects.create(**names, unit=unit or made.unit)
    new.factor_version("1", factor=factor, derivation=made.stated.derivation)
    return factor


def test_a_later_figure_becomes_a_further_version(here: Plant) -> None:
    publication = published(here)
    assert _thing(publication).pk is None
    factor = became(offered(here, publication))
    assert _thing(publication) == factor


def test_a_later_figure_in_another_unit_is_refused(here: Plant) -> None:
    publication = published(here)
    became(offered(here, publication), "t")
    with pytest.raises(Refusal) as refused:
        offered(here, publication)
    assert (refused.value.code, refused.value.field) == ("other_unit", "unit")


@pytest.mark.parametrize("codes", [("乙烯", "丙烯"), ("A.1", "A1"), ("P1", "p1")])
def test_codes_that_look_alike_are_other_factors(here: Plant, codes: tuple[str, str]) -> None:
    publication = published(here)
    found = []
    for number, code in enumerate(codes):
        publication.product.code, publication.product.uuid = code, uuid5(NAMESPACE_OID, str(number))
        found.append(_thing(publication).code)
    assert found[0] != found[1]


def test_another_site_makes_another_factor(here: Plant) -> None:
    publication = published(here)
    first = became(offered(here, publication))
    publication.inventory.site = new.site(here.company)
    there = _thing(publication)
    assert there.pk is None and there.code != first.code
    assert publication.inventory.site.code not in there.code


def test_companies_without_a_latin_letter_have_sources_of_their_own(here: Plant) -> None:
    publication = published(here)
    found = set()
    for code in ("中石化", "中石油"):
        publication.company.code, publication.company.uuid = code, uuid5(NAMESPACE_OID, code)
        found.add(_source(publication).code)
    assert len(found) == 2


def test_not_without_consent_nor_what_is_not_open(here: Plant) -> None:
    for visibility, consents, code in (("private", True, "not_open"), ("public", False, "no_consent")):
        publication = published(here, visibility)
        with pytest.raises(Refusal) as refused:
            offered(here, publication, consents=consents)
        assert refused.value.code == code
    for by in (new.actor(new.company()), new.actor(here.company, Role.PLANT_PROVIDER)):
        with pytest.raises(NotAllowed):
            offered(here, publication, by=by)
    assert not FactorProposal.objects.exists()


def test_the_doors(here: Plant) -> None:
    def entered(client: Client, user: Any) -> Client:
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    publication = published(here)
    owner = entered(Client(), new.person(here.company, Role.OWNER))
    stranger = entered(Client(), new.person(new.company(), Role.OWNER))
    page, rest = (
        f"/publications/{publication.uuid}/factor/",
        f"/api/v1/publications/{publication.uuid}/factor/",
    )
    assert "Offer as a factor" in owner.get(f"/publications/{publication.uuid}/").content.decode()
    assert "Offer as a factor" not in stranger.get(f"/publications/{publication.uuid}/").content.decode()

    def sent(client: Client, **body: Any) -> Any:
        return client.post(rest, body, content_type="application/json")

    assert sent(stranger, consents=True).status_code == 403
    assert stranger.post(page, {"consents": "on"}).status_code == 403
    assert Client().post(page).status_code == 302 and Client().post(rest).status_code == 401
    assert sent(owner, consents=False).json()["errors"][0]["code"] == "no_consent"
    assert owner.post(page, {}).status_code == 302 and not FactorProposal.objects.exists()
    assert sent(owner, consents=True, reason="ours").status_code == 201
    assert owner.post(page, {"consents": "on"}).status_code == 302 and FactorProposal.objects.count() == 2
