"""Received and pinned footprints become factors of one company: checked, foretold, taken, followed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from factors import queries as factors
from factors.models import Factor, FactorEmission, FactorVersion
from footprint.analysis.queries import outdated_versions
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.inventory.models import Exchange, Product
from footprint.partners.actions.pulling import keep
from footprint.partners.models import Connection, PartnerFootprint
from footprint.sharing import actions, sources
from footprint.sharing.models import SharingRequest, SupplierFigure
from footprint.sharing.sources import News
from tests import builders as new
from tests.browsing import ask, browser, send, text
from tests.footprint.partners.documents import whole
from tests.sharing import Deal

pytestmark = pytest.mark.django_db


@dataclass
class Buyer:
    """A company that buys naphtha, and a partner outside that sends footprints of it."""

    company: Company
    person: User
    connection: Connection
    product: Product
    line: Exchange

    @property
    def actor(self) -> Actor:
        return actor_of_user(self.person)

    def sent(self, pf_id: UUID | None = None, kg: str = "3", **more: Any) -> PartnerFootprint:
        document = whole()
        document |= {"id": str(pf_id or uuid4()), **more}
        now = timezone.now()
        document["validityPeriodEnd"] = (now + timedelta(days=300)).strftime("%Y-%m-%dT00:00:00Z")
        document["pcf"] = document["pcf"] | {
            "declaredUnitOfMeasurement": "kilogram",
            "declaredUnitAmount": "2",
            "pcfExcludingBiogenicUptake": kg,
        }
        keep(self.connection, document, at=now)
        return PartnerFootprint.objects.get(pf_id=document["id"])

    def took(self, received: PartnerFootprint, *lines: Exchange) -> SupplierFigure:
        with acting_as(self.actor):
            source = sources.received_source(self.actor, received.uuid)
            assert source is not None
            return actions.take_figure(
                source, by=self.actor, at=timezone.now(), lines=[line.uuid for line in lines]
            )

    def figure(self) -> float:
        drain()
        found = Footprint.objects.get(product=self.product).kg_co2e_ar6
        assert found is not None
        return found


def _news(actor: Actor, figure: SupplierFigure, today: date) -> News | None:
    return sources.news(actor, [figure], today).get(figure.pk)


@pytest.fixture
def buyer(db: None) -> Buyer:
    new.gwp()
    company = new.company()
    process = new.process(new.inventory(new.site(company)))
    product = new.product(company)
    new.output(process, product, "1", is_reference=True)
    new.emits(process, "1")
    line = new.takes(process, new.product(company), "4", "kg")
    connection = Connection.objects.create(company=company, name="Partner outside")
    drain()
    return Buyer(company, new.person(company, Role.OWNER), connection, product, line)


def test_a_received_footprint_becomes_a_factor_of_the_company_alone(buyer: Buyer) -> None:
    before = buyer.figure()
    figure = buyer.took(buyer.sent(), buyer.line)
    assert buyer.figure() == pytest.approx(before + 4 * 1.5)
    left = Footprint.objects.values_list("assessment__exempted_share", flat=True).get(product=buyer.product)
    assert left == pytest.approx(0.0128848, rel=1e-5)  # 1.5 % of 6 / 0.985 kg, in 7 kg
    assert figure.version.emissions.values_list("gas", "kg_per_unit").get() == ("CO2e", 1.5)
    assert figure.version.derivation["received"]["supplier"] == "Partner outside"
    curator = new.actor(new.company(kind=Company.Kind.ASSOCIATION), Role.CURATOR)
    for other in (new.actor(new.company(), Role.OWNER), curator):
        assert not factors.factors(other).filter(pk=figure.version.factor_id).exists()
        with acting_as(other):
            for model in (Factor, FactorVersion, FactorEmission, SupplierFigure):
                assert not model._default_manager.filter(company=buyer.company).exists()
            assert not factors.factors_for(other, search="outside").exists()
    with acting_as(buyer.actor):
        assert factors.factors_for(buyer.actor, search="outside").exists()


def test_what_would_move_is_told_and_nothing_is_kept(buyer: Buyer) -> None:
    received, before = buyer.sent(), buyer.figure()
    with acting_as(buyer.actor):
        source = sources.received_source(buyer.actor, received.uuid)
        assert source is not None
        told = actions.foretell(source, by=buyer.actor, at=timezone.now(), lines=[buyer.line.uuid])
    (moved,) = told.moved
    assert moved.before[1] == pytest.approx(before)
    assert moved.after[1] == pytest.approx(before + 6)
    assert not Factor.objects.filter(company=buyer.company).exists()
    buyer.took(received, buyer.line)
    assert buyer.figure() == pytest.approx(moved.after[1])


def test_a_version_that_follows_is_proposed_for_adoption(buyer: Buyer) -> None:
    first = buyer.sent()
    figure = buyer.took(first, buyer.line)
    second = buyer.sent(kg="4", precedingPfIds=[str(first.pf_id)])
    today = timezone.localdate()
    with acting_as(buyer.actor):
        found = _news(buyer.actor, SupplierFigure.objects.get(), today)
        assert found is not None and found.newer == second
    later = buyer.took(second)
    assert (later.version.factor_id, later.version.number) == (figure.version.factor_id, 2)
    with acting_as(buyer.actor):
        (row,) = outdated_versions(buyer.actor)
        assert (row.old, row.new, row.lines) == (figure.version, later.version, 1)


def _corrected(buyer: Buyer, received: PartnerFootprint, kg: str) -> PartnerFootprint:
    return buyer.sent(received.pf_id, kg)


def test_what_is_corrected_under_its_old_identifier_is_told_and_taken_again(buyer: Buyer) -> None:
    today = timezone.localdate()
    figure = buyer.took(buyer.sent(), buyer.line)
    with acting_as(buyer.actor):
        assert _news(buyer.actor, figure, today) is None
    made = [figure]
    for kg in ("30", "3"):
        received = _corrected(buyer, figure.received, kg)  # type: ignore[arg-type]
        with acting_as(buyer.actor):
            last = sources.figures(buyer.actor).first()
            assert last is not None
            found = _news(buyer.actor, last, today)
            assert found is not None and (found.code, found.newer) == ("changed", received)
        assert "takes the place of a figure" in ask(
            browser(buyer.person), f"/partners/footprints/{received.uuid}/use/"
        )
        made.append(buyer.took(received))
    assert [each.version.number for each in made] == [1, 2, 3]
    assert {each.version.factor_id for each in made} == {figure.version.factor_id}
    with pytest.raises(Refusal):
        buyer.took(received)
    with acting_as(buyer.actor):
        (row,) = outdated_versions(buyer.actor)
        assert row.new == made[-1].version


def test_what_is_pinned_anew_without_a_word_of_the_earlier_one_is_told(here: Deal) -> None:
    request = here.shared()
    with acting_as(here.buyer):
        source = sources.pinned_source(here.buyer, request.uuid)
        assert source is not None
        figure = actions.take_figure(source, by=here.buyer, at=timezone.now())
        assert _news(here.buyer, figure, timezone.localdate()) is None
    content = {**request.content, "id": str(uuid4()), "precedingPfIds": []}  # type: ignore[dict-item]
    SharingRequest.objects.filter(pk=request.pk).update(content=content, shared_at=timezone.now())
    with acting_as(here.buyer):
        found = _news(here.buyer, sources.figures(here.buyer).get(), timezone.localdate())
        assert found is not None and (found.code, found.newer) == ("changed", request)
        source = sources.pinned_source(here.buyer, request.uuid)
        assert source is not None
        later = actions.take_figure(source, by=here.buyer, at=timezone.now())
    assert later.version.supersedes_id == figure.version.pk


def test_of_two_that_follow_the_later_takes_the_place_of_the_other(buyer: Buyer) -> None:
    first = buyer.sent()
    buyer.took(first, buyer.line)
    second, third = (buyer.sent(kg=kg, precedingPfIds=[str(first.pf_id)]) for kg in ("4", "5"))
    then, now = buyer.took(second), buyer.took(third)
    assert (now.version.number, now.version.supersedes_id) == (3, then.version.pk)
    with acting_as(buyer.actor):
        (row,) = outdated_versions(buyer.actor)
        assert row.new == now.version


@pytest.mark.parametrize("ended", ["1990-01-01", "1970-06-30", "2102-01-01"])
def test_a_period_that_no_factor_can_have_is_refused(buyer: Buyer, ended: str) -> None:
    received = buyer.sent()
    document = json.loads(received.original)
    document["pcf"] |= {
        "referencePeriodStart": "1960-01-01T00:00:00Z",
        "referencePeriodEnd": f"{ended}T00:00:00Z",
    }
    keep(buyer.connection, document, at=timezone.now())
    page = f"/partners/footprints/{received.uuid}/use/"
    refused = send(browser(buyer.person), page, 422, foretell="1", lines=str(buyer.line.uuid))
    assert "factors are kept from 1990" in text(refused)


def test_a_rivals_document_takes_nobodys_place(buyer: Buyer) -> None:
    figure = buyer.took(buyer.sent(), buyer.line)
    rival = replace(
        buyer, connection=Connection.objects.create(company=buyer.company, name="Rival of the partner")
    )
    later = rival.took(rival.sent(kg="4", precedingPfIds=[str(figure.pf_id)]))
    assert later.version.factor_id != figure.version.factor_id
    figure.version.refresh_from_db()
    assert figure.version.status == "published"
    with acting_as(buyer.actor):
        assert outdated_versions(buyer.actor) == []
        assert _news(buyer.actor, figure, timezone.localdate()) is None


def test_two_makers_may_use_one_identifier(buyer: Buyer) -> None:
    first = buyer.took(buyer.sent())
    rival = Connection.objects.create(company=buyer.company, name="Rival of the partner")
    keep(rival, json.loads(first.received.original), at=timezone.now())  # type: ignore[union-attr]
    second = buyer.took(PartnerFootprint.objects.get(connection=rival))
    assert (second.pf_id, second.supplier) == (first.pf_id, "Rival of the partner")
    assert second.version.factor_id != first.version.factor_id


def test_whether_it_was_taken_is_asked_when_nobody_else_can_take_it(buyer: Buyer) -> None:
    received = buyer.sent()
    with CaptureQueriesContext(connection) as asked:
        buyer.took(received)
    told = [each["sql"] for each in asked]
    locked = next(place for place, sql in enumerate(told) if "pg_advisory_xact_lock" in sql)
    looked = next(place for place, sql in enumerate(told) if 'FROM "sharing_supplierfigure"' in sql)
    assert locked < looked


def test_a_source_that_is_deprecated_marks_the_figure(buyer: Buyer) -> None:
    received = buyer.sent()
    figure = buyer.took(received)
    today = timezone.localdate()
    assert _news(buyer.actor, figure, today) is None
    keep(buyer.connection, json.loads(received.original) | {"status": "Deprecated"}, at=timezone.now())
    figure = sources.figures(buyer.actor).get()
    assert _news(buyer.actor, figure, today).code == "deprecated"  # type: ignore[union-attr]
    figure.received.status = "Active"  # type: ignore[union-attr]
    assert _news(buyer.actor, figure, today + timedelta(days=400)).code == "expired"  # type: ignore[union-attr]


def test_what_blocks_it_is_refused_with_every_reason(buyer: Buyer) -> None:
    received = buyer.sent(kg="-1", status="Deprecated")
    with pytest.raises(Refusals) as refused:
        buyer.took(received)
    assert {each.code for each in refused.value.refusals} == {"negative", "deprecated"}


def test_it_is_taken_once_and_by_lines_that_can_take_it(buyer: Buyer) -> None:
    received = buyer.sent()
    other = new.takes(buyer.line.process, new.product(buyer.company, unit="kWh"), "1", "kWh")
    with pytest.raises(Refusal) as refused:
        buyer.took(received, other)
    assert refused.value.code == "not_found"
    buyer.took(received)
    with pytest.raises(Refusal) as refused:
        buyer.took(received)
    assert refused.value.code == "taken_already"
    plant = new.actor(buyer.company, Role.SHARING_MANAGER)
    source = sources.received_source(plant, buyer.sent().uuid)
    assert source is not None
    with pytest.raises(NotAllowed):
        actions.take_figure(source, by=plant, at=timezone.now())


def test_the_database_keeps_factors_apart(buyer: Buyer) -> None:
    figure = buyer.took(buyer.sent())
    other = new.company()
    stranger = new.takes(new.process(new.inventory(new.site(other))), new.product(other), 1)
    for deed in (
        lambda: Exchange.objects.filter(pk=stranger.pk).update(factor_version=figure.version),
        lambda: Factor.objects.filter(pk=figure.version.factor_id).update(company=None),
        lambda: FactorEmission.objects.filter(version=figure.version).update(company=None),
        lambda: SupplierFigure.objects.update(supplier="another"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_a_pinned_version_is_taken_like_a_received_one(here: Deal) -> None:
    request = here.shared()
    with acting_as(here.buyer):
        source = sources.pinned_source(here.buyer, request.uuid)
        assert source is not None
        figure = actions.take_figure(source, by=here.buyer, at=timezone.now())
        kg = FactorEmission.objects.get(version=figure.version).kg_per_unit
        assert float(kg) == pytest.approx(here.publication.kg_co2e_ar6)
    here.moved(request, "revoke", reason="over")
    with acting_as(here.buyer):
        found = _news(here.buyer, sources.figures(here.buyer).get(), timezone.localdate())
        assert found is not None and found.code == "revoked"
    with acting_as(here.seller):
        assert sources.pinned_source(here.seller, request.uuid) is None


def test_a_pinned_version_is_taken_while_its_publication_and_its_terms_hold(here: Deal) -> None:
    last = timezone.localdate() + timedelta(days=90)
    request = here.shared(here.moved(here.asked(ends_on=last), "acknowledge"))

    def problems(today: date) -> set[str]:
        source = sources.pinned_source(here.buyer, request.uuid)
        assert source is not None and source.stated.valid_until == last
        return {each.code for each in source.problems(today) if each.blocks}

    with acting_as(here.buyer):
        assert problems(last) == set()
        assert problems(last + timedelta(days=1)) == {"expired"}
        source = sources.pinned_source(here.buyer, request.uuid)
        assert source is not None
        figure = actions.take_figure(source, by=here.buyer, at=timezone.now())
        found = _news(here.buyer, figure, last + timedelta(days=1))
        assert found is not None and found.code == "expired"
    SharingRequest.objects.filter(pk=request.pk).update(outdated_at=timezone.now())
    with acting_as(here.buyer):
        assert problems(last) == {"deprecated"}


def test_what_was_kept_before_is_read_from_its_text(buyer: Buyer) -> None:
    first, other = uuid4(), uuid4()
    follows = buyer.sent(precedingPfIds=[str(first)], comment=f'"precedingPfIds":["{other}"]')
    alone = buyer.sent(precedingPfIds=None)
    assert (follows.preceding, alone.preceding) == ([first], [])
    PartnerFootprint.objects.update(preceding=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("footprint.partners.migrations.0008_preceding").READ)
    for received in (follows, alone):
        before = received.preceding
        received.refresh_from_db()
        assert received.preceding == before


def test_a_long_list_asks_no_more_than_a_short_one(buyer: Buyer) -> None:
    client, paths = browser(buyer.person), ("/sharing/figures/", "/api/v1/supplier-figures/")
    counts = []
    ask(client, paths[0])
    for _more in range(2):
        first = buyer.took(buyer.sent())
        buyer.sent(kg="4", precedingPfIds=[str(first.pf_id)])
        with CaptureQueriesContext(connection) as asked:
            for path in paths:
                assert client.get(path).status_code == 200
        counts.append(sum("auditcheckpoint" not in each["sql"] for each in asked.captured_queries))
    assert counts[0] == counts[1]


def test_pages_and_rest(buyer: Buyer) -> None:
    received = buyer.sent()
    client = browser(buyer.person)
    page = f"/partners/footprints/{received.uuid}/use/"
    assert page in ask(client, f"/partners/footprints/{received.uuid}/")
    assert "Lines that take it" in ask(client, page)
    send(client, page, 422, foretell="1")
    assert "What would move" in text(send(client, page, 200, foretell="1", lines=str(buyer.line.uuid)))
    send(client, page, take="1", lines=str(buyer.line.uuid))
    figure = SupplierFigure.objects.get()
    lineage = f"/factors/{figure.version.factor.uuid}/lineage/"
    assert lineage in ask(client, "/sharing/figures/")
    assert f"/partners/footprints/{received.uuid}/" in ask(client, lineage)
    assert "among your figures" in ask(client, page)
    body = json.dumps({"received": str(buyer.sent().uuid)})
    made = client.post("/api/v1/supplier-figures/", body, content_type="application/json")
    assert (made.status_code, made.json()["news"]) == (201, "")
    assert len(client.get("/api/v1/supplier-figures/").json()["results"]) == 2
    nothing = client.post("/api/v1/supplier-figures/", "{}", content_type="application/json")
    assert nothing.status_code == 422
    stranger = browser(new.person(new.company(), Role.OWNER))
    for path in (page, lineage, f"/api/v1/supplier-figures/{figure.uuid}/"):
        ask(stranger, path, 404)
    send(stranger, page, 404, take="1")
    sharing = browser(new.person(buyer.company, Role.SHARING_MANAGER))
    assert [sharing.get(page).status_code, sharing.post(page).status_code] == [403, 403]
    assert (
        stranger.post("/api/v1/supplier-figures/", body, content_type="application/json").status_code == 422
    )
