"""Each of the two locks holds while the other is missing."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.actions.checkpoint import make_checkpoint
from accounts.actor import Actor
from accounts.models import Company, Site
from accounts.roles import Role
from accounts.visibility import APP_ROLE, acting_as
from footprint.analysis.actions.sample import start_run, work
from footprint.analysis.models import Scenario
from footprint.calculation.ledger import drain
from footprint.calculation.models import ColumnVersion, FigureVersion
from footprint.exchange.models import CompanyExport, ImportJob
from footprint.inventory.actions import open_thread
from footprint.inventory.models import (
    AllocationAnswer,
    AllocationShare,
    Exchange,
    Inventory,
    OutputPrice,
    Product,
    UnitProcess,
)
from footprint.sharing.models import SharingRemark
from footprint.verification.models import EngagementRemark
from tests import builders as new
from tests.chains import settle
from tests.footprint.benchmark.cohorts import compared
from tests.house.test_locks_end import held
from tests.house.test_tables import TENANT
from tests.reviewing import Plant, carried, published
from tests.sharing import figure_of, linked
from tests.verifying import Scene

TENANT_MODELS = [model for model in apps.get_models() if model._meta.db_table in TENANT]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def theirs(kept_rows: None) -> Company:
    """A company with a row in every table of tenants; nothing of it is open to anybody here."""
    new.gwp()
    company = new.company("theirs")
    inventory = new.inventory(new.site(company))
    process, product = new.process(inventory), new.product(company)
    made = new.output(process, product, is_reference=True)
    new.emits(process, "1")
    new.grant(product, new.company("partner"))
    OutputPrice.objects.create(company=company, exchange=made, year=2025, price=5)
    AllocationShare.objects.create(company=company, process=process, product=product, share=1)
    AllocationAnswer.objects.create(
        company=company, process=process, question="substitution", answer=False, source="x",
        answered_at=timezone.now(),
    )  # fmt: skip
    days = {"period_start": inventory.period_start, "period_end": inventory.period_end}
    ImportJob.objects.create(company=company, file_name="x.zip", size=1, sha256="0" * 64, **days)
    new.partner(company, product)
    CompanyExport.objects.create(company=company)
    new.workbook_upload(made)
    new.upsert_job(inventory)
    new.evidence(made)
    new.removed_line(process)
    new.practice(company)
    Scenario.objects.create(company=company, product=product, name="x", year=2025, levers=[])
    new.adoption(company, new.factor_version("0.5"))
    new.adoption_policy(company)
    new.reduction_target(product)
    call_command("load_rules", verbosity=0)
    drain()
    request = linked(company, new.company())
    figure_of(request)
    SharingRemark.objects.create(
        company=company, request=request, side=company, text="theirs", at=timezone.now()
    )
    _reviewed(company, inventory, product, made)
    compared(company, [product])
    start_run(by=Actor.worker(), samples=100)
    while work():
        pass
    settle()
    make_checkpoint(at=timezone.now(), key=Ed25519PrivateKey.generate())
    return company


def _reviewed(company: Company, inventory: Inventory, product: Product, line: Exchange) -> None:
    """A submission under review with a thread, and a publication for a partner on its way."""
    office = new.company(kind=Company.Kind.ASSOCIATION)
    people = {
        "owner": new.person(company, Role.OWNER),
        "approver": new.person(company, Role.APPROVER),
        "steward": new.person(office, Role.STEWARD),
    }
    here = Plant(company, inventory, product, line, people)
    carried(here)
    before = settings.PUBLICATION_SIGNING_KEY
    settings.PUBLICATION_SIGNING_KEY = base64.b64encode(bytes(range(32))).decode()
    publication = published(here, "listed", recipients=[new.company()])
    body = new.company(kind=Company.Kind.VERIFIER)
    scene = Scene(here, publication, body, new.person(body, Role.VERIFIER))
    scene.through()
    found = scene.found(scene.sampled())
    EngagementRemark.objects.create(
        company=company, engagement=found.engagement, finding=found.uuid, text="theirs", at=timezone.now()
    )
    settings.PUBLICATION_SIGNING_KEY = before
    submission = carried(here, "under_review")
    open_thread(submission, by=here.steward, at=timezone.now(), text="theirs")
    new.checked_point(submission)


@pytest.fixture
def stranger(theirs: Company, db: None) -> Actor:
    return new.actor(new.company("stranger"))


def rows(model: type[models.Model]) -> Any:
    return model._default_manager


def test_every_tenant_table_has_a_model_and_rows(theirs: Company) -> None:
    assert {model._meta.db_table for model in TENANT_MODELS} == TENANT
    for model in TENANT_MODELS:
        assert rows(model).filter(company=theirs).exists(), model


def test_the_application_holds_without_the_database(theirs: Company, stranger: Actor) -> None:
    """The tests' own login passes row-level security by: only ``visible_to`` is left."""
    for model in TENANT_MODELS:
        assert not rows(model).visible_to(stranger).filter(company=theirs).exists(), model


def test_the_database_holds_without_the_application(theirs: Company, stranger: Actor) -> None:
    for model in TENANT_MODELS:
        with acting_as(stranger):
            assert not rows(model).filter(company=theirs).exists(), model
        with acting_as(new.actor(theirs)):
            assert rows(model).filter(company=theirs).exists(), model


def test_who_forgets_to_say_who_asks_sees_nothing(theirs: Company) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [APP_ROLE])
        for model in TENANT_MODELS:
            assert not rows(model).filter(company__isnull=False).exists(), model
        cursor.execute("RESET ROLE")


def test_the_database_lets_nobody_write_for_another(theirs: Company, stranger: Actor) -> None:
    with acting_as(stranger):
        assert Exchange.objects.filter(company=theirs).update(amount=2) == 0
        assert Site.objects.filter(company=theirs).delete()[0] == 0
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(stranger):
        new.product(theirs)


def test_a_key_cannot_point_into_another_company(theirs: Company, stranger: Actor) -> None:
    own = Company.objects.get(code="stranger")
    foreign = UnitProcess.objects.get(company=theirs)
    mine = new.product(own)
    with pytest.raises(IntegrityError, match="same_company"), acting_as(stranger):
        Exchange.objects.create(
            company=own,
            process_id=foreign.pk,
            direction="output",
            kind="product",
            product=mine,
            amount=1,
            unit="kg",
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_partner_reads_one_product_and_changes_nothing(theirs: Company) -> None:
    partner = new.actor(Company.objects.get(code="partner"))
    with acting_as(partner):
        assert Product.objects.filter(company=theirs).count() == 1
        assert Product.objects.filter(company=theirs).update(name_en="mine") == 0
        seen = {
            model._meta.db_table for model in TENANT_MODELS if rows(model).filter(company=theirs).exists()
        }
    assert seen == {"inventory_product", "inventory_productgrant", "calculation_footprint"}


def test_the_settings_are_put_back(theirs: Company, stranger: Actor) -> None:
    before = held()
    with acting_as(new.actor(theirs)):
        with acting_as(stranger):
            assert not Product.objects.filter(company=theirs).exists()
        assert Product.objects.filter(company=theirs).exists()
    assert held() == before


def test_history_is_kept_whoever_connects(theirs: Company) -> None:
    """Web and worker lack the privilege, and a trigger stops the owner of the tables."""
    owner = new.actor(theirs)
    for model in (ColumnVersion, FigureVersion):
        for who, refusal in ((owner, "permission denied"), (Actor.worker(), "permission denied")):
            with pytest.raises(DatabaseError, match=refusal), acting_as(who):
                rows(model).update(year=2000)
            with pytest.raises(DatabaseError, match=refusal), acting_as(who):
                rows(model).all().delete()
        with pytest.raises(DatabaseError, match="is a history"), transaction.atomic():
            rows(model).update(year=2000)
        with pytest.raises(DatabaseError, match="permission denied"), acting_as(owner):
            known = rows(model).first()
            known.pk = None
            known.save(force_insert=True)
