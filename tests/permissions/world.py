"""One company with its neighbours and the alliance's office, and everybody who could ask for its things.

What the company keeps to itself carries a word that occurs nowhere else, so that a leak
is seen in any answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts.actions.checkpoint import make_checkpoint
from accounts.actions.client import add_service_client
from accounts.actions.invitation import invite
from accounts.actor import Actor
from accounts.models import Company, Kind, Membership, Notification, User
from accounts.notices import notify
from accounts.queries import actor_of_user
from accounts.roles import Role
from footprint.analysis.actions.sample import start_run, work
from footprint.analysis.models import Scenario, UncertaintyRun
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.exchange.models import CompanyExport, ImportJob
from footprint.inventory.actions import open_thread
from footprint.inventory.models import (
    AllocationAnswer,
    AllocationShare,
    Exchange,
    Inventory,
    OutputPrice,
    Product,
    ProductGrant,
)
from footprint.publication.models import Publication
from footprint.rules.models import ClosureRule
from footprint.sharing.models import SharingRemark
from footprint.verification.models import EngagementRemark
from footprint.verification.plan import candidates
from tests import builders as new
from tests.chains import settle
from tests.footprint.benchmark.cohorts import compared
from tests.permissions.asker import Asker, signed_in, stranger
from tests.reviewing import Plant, carried, published
from tests.sharing import figure_of, linked
from tests.verifying import Scene

SIGNING_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
INNER, SHOWN, PRICE = "kept-to-itself", "opened-to-a-partner", "31337.25"
IN_A_COMPANY = {
    "plant": Role.PLANT_PROVIDER,
    "owner": Role.OWNER,
    "approver": Role.APPROVER,
    "sharing": Role.SHARING_MANAGER,
}
AT_THE_OFFICE = (
    "steward",
    "curator",
    "compliance",
    "verifier",
    "auditor",
    "platform_admin",
    "security_admin",
    "public",
)
AROUND = ("partner", "former_partner", "sister", "foreign")
ONLY_OWNERS = ("former_partner", "sister")
"""Relations that open nothing: of their people, those with the most rights ask."""


@dataclass
class World:
    """The company's things by the name an address calls them, and the askers."""

    company: Company
    recipient: Company
    others: dict[str, Company]
    opened: dict[str, Any]
    closed: dict[str, Any]
    askers: dict[str, Asker] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    media: Path = Path()

    def things(self, state: str) -> dict[str, Any]:
        """Path parts: of what was opened, of what was not, or of nothing that exists."""
        if state == "random":
            return {key: uuid4() if isinstance(value, UUID) else value for key, value in self.opened.items()}
        return self.opened if state == "opened" else self.closed

    def tag_of(self, path: str) -> str:
        """The ETag its owner would send back."""
        resource = re.match(r"/api/v1/(?:[a-z-]+/[0-9a-f-]{36}|notification-settings)/", path)
        if resource is None:
            return ""
        if resource[0] not in self.tags:
            answer = self.askers["own.owner"].come_in().get(resource[0])
            self.tags[resource[0]] = answer.headers.get("ETag", '"1"')
        return self.tags[resource[0]]


@contextmanager
def built() -> Iterator[World]:
    """The world inside a transaction that is rolled back in the end."""
    with TemporaryDirectory() as media, transaction.atomic():
        kept = settings.MEDIA_ROOT, settings.PUBLICATION_SIGNING_KEY
        settings.MEDIA_ROOT, settings.PUBLICATION_SIGNING_KEY = Path(media), SIGNING_KEY
        try:
            yield _world(Path(media))
        finally:
            settings.MEDIA_ROOT, settings.PUBLICATION_SIGNING_KEY = kept
            transaction.set_rollback(True)


def _world(media: Path) -> World:
    call_command("load_rules", verbosity=0)
    new.gwp()
    company = new.company("maker")
    others = {name: new.company(name.replace("_", "-")) for name in AROUND if name != "sister"}
    others["sister"] = new.company("sister", company.group)
    apart = [_something_of_their_own(other) for other in others.values()][-1]
    opened, closed = _plant(company)
    new.grant(opened["row"], others["partner"])
    ended = timezone.localdate() - timedelta(days=1)
    ProductGrant.objects.create(
        company=company, product=opened["row"], recipient=others["former_partner"], ends_on=ended
    )
    world = World(company, others["partner"], others, opened, closed, media=media)
    for things in (opened, closed):
        things |= _people(company)
    sites = opened.pop("site_row"), closed.pop("site_row")
    world.askers = {asker.name: asker for asker in _askers(world, *sites)}
    opened.pop("row"), closed.pop("row")
    _calculate()
    for things in (opened, closed):
        things["run"] = UncertaintyRun.objects.latest("pk").uuid
        things["footprint"] = Footprint.objects.get(product__uuid=things["product"]).uuid
        things |= _reviewed(things, others["partner"] if things is opened else None)
        things |= _verified(things, person_of(world.askers["body.verifier"]))
        request = linked(company, new.company(), wanted=INNER, purpose=INNER, comment=INNER)
        SharingRemark.objects.create(
            company=company, request=request, side=company, text=INNER, at=timezone.now()
        )
        things |= {"sharing": request.uuid, "figure": figure_of(request).uuid}
        things["notification"] = _told(world.askers["own.owner"], things["submission"])
    linked(others["foreign"], new.company())  # for the keys of requests to point at
    apart |= _reviewed(apart, None, said="apart")
    verifier = new.person(new.company("body-apart", kind=Company.Kind.VERIFIER), Role.VERIFIER)
    _verified(apart, verifier, said="apart", stated="apart")
    rivals = [each for each in others.values() if each.group_id != company.group_id]
    release = compared(company, Product.objects.filter(company=company), rivals)
    for things in (opened, closed):
        things |= {"release": release.uuid, "definition": release.definition.uuid}
    make_checkpoint(at=timezone.now(), key=Ed25519PrivateKey.generate())
    return world


def _calculate() -> None:
    """Figures, assessments, other methods, samples, chains."""
    drain()
    start_run(by=Actor.worker(), samples=100)
    while work():
        pass
    settle()


def _reviewed(things: dict[str, Any], partner: Company | None, said: str = INNER) -> dict[str, Any]:
    """An accepted inventory with a published figure, and its next submission under review."""
    inventory = Inventory.objects.get(uuid=things["inventory"])
    product = Product.objects.get(uuid=things["product"])
    line = Exchange.objects.get(uuid=things["exchange"])
    office = Company.objects.get(code="office")
    people = {
        "owner": new.person(inventory.company, Role.OWNER),
        "approver": new.person(inventory.company, Role.APPROVER),
        "steward": new.person(office, Role.STEWARD),
    }
    here = Plant(inventory.company, inventory, product, line, people)
    carried(here)
    publication = published(here, "listed", recipients=[partner]) if partner else published(here, "private")
    submission = carried(here, "under_review")
    thread = open_thread(submission, by=here.steward, at=timezone.now(), text=said, line=line.uuid)
    new.checked_point(submission, said)
    idle = new.inventory(inventory.site, 2023)
    new.emits(new.process(idle, line.process.code), "1", "CH4")  # something to begin the next one from
    return {
        "submission": submission.uuid, "thread": thread.uuid, "publication": publication.uuid,
        "idle_inventory": idle.uuid,
    }  # fmt: skip


def person_of(asker: Asker) -> User:
    """Who is signed in."""
    return User.objects.get(pk=asker.client.session["_auth_user_id"])


def _verified(
    things: dict[str, Any], verifier: User, said: str = INNER, stated: str = SHOWN
) -> dict[str, Any]:
    """One statement of somebody else, and a verification that this person is at work on."""
    publication = Publication.objects.get(uuid=things["publication"])
    body = Company.objects.get(memberships__user=verifier)
    people = {"owner": new.person(publication.company, Role.OWNER)}
    line = Exchange.objects.get(uuid=things["exchange"])
    here = Plant(publication.company, publication.inventory, publication.product, line, people)
    statement = Scene(here, publication, body, new.person(body, Role.VERIFIER)).through(text=stated)
    scene = Scene(here, publication, body, verifier)
    engagement = scene.sampled(scene.accepted(scene.engaged(scope=said)), size=1)
    sampled = engagement.lines.first()
    assert sampled is not None
    others = (each.key for each in candidates(engagement.dossier) if each.key != str(sampled.line))
    unsampled = next(others, None)
    EngagementRemark.objects.create(
        company=engagement.company, engagement=engagement, text=said, at=timezone.now()
    )
    return {
        "unsampled": unsampled, "engagement": engagement.uuid, "finding": scene.found(engagement, said).uuid,
        "line": sampled.uuid, "statement": statement.uuid,
    }  # fmt: skip


def _told(asker: Asker, submission: UUID) -> UUID:
    """A notification of this person alone, about a submission."""
    person = person_of(asker).pk
    told = {"kind": Kind.MOVED, "event": "take", "subject": "submission", "subject_uuid": submission}
    notify([person], company_id=None, at=timezone.now(), **told)
    return Notification.objects.filter(recipient=person).latest("pk").uuid


def _something_of_their_own(company: Company) -> dict[str, Any]:
    process = new.process(new.inventory(new.site(company)))
    product = new.product(company)
    line = new.output(process, product, is_reference=True)
    new.emits(process, "1")
    new.workbook_upload(line)
    new.upsert_job(process.inventory)
    new.partner(company, product)
    return {
        "inventory": process.inventory.uuid, "product": product.uuid, "exchange": line.uuid,
        "evidence": new.evidence(line).uuid, "removed": new.removed_line(process).uuid,
        "practice": new.practice(company).uuid,
    }  # fmt: skip


def _plant(company: Company) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two processes: of one the product was opened to a partner, of the other it was not."""
    version = new.factor_version("0.5")
    rule = ClosureRule.objects.earliest("pk")
    both = []
    for place, label in enumerate((SHOWN, INNER)):
        site = new.site(company, f"{INNER}-{place}")
        inventory = new.inventory(site)
        process = new.process(inventory, f"{INNER}-p{place}", "mass")
        main = new.product(company, f"{label}-{place}")
        second = new.product(company, f"{INNER}-second-{place}")
        out = new.output(process, main, "2", is_reference=True)
        other = new.output(process, second, "1")
        new.emits(process, "1")
        power = new.product(company, f"{INNER}-in-{place}", "kWh")
        line = new.takes(process, power, "8", factor_version=version, comment=INNER)
        for made in (out, other):
            OutputPrice.objects.create(company=company, exchange=made, year=2025, price=PRICE)
        AllocationShare.objects.create(company=company, process=process, product=main, share=1)
        job = _imported(inventory)
        AllocationAnswer.objects.create(
            company=company, process=process, question="substitution", answer=False, source=INNER,
            answered_at=timezone.now(),
        )  # fmt: skip
        new.adoption(company, version, reason=INNER)
        new.adoption_policy(company)
        new.reduction_target(main)
        upload = new.workbook_upload(line, file_name=f"{INNER}.xlsx")
        levers = [{"exchange": str(line.uuid), "percent": "10"}]
        scenario = Scenario.objects.create(
            company=company, product=main, name=f"{INNER}-{place}", year=2025, levers=levers
        )
        both.append(
            {
                "row": main, "site_row": site, "company": company.uuid, "site": site.uuid,
                "inventory": inventory.uuid, "process": process.uuid, "product": main.uuid,
                "second": second.uuid, "exchange": line.uuid, "priced": out.uuid, "job": job.uuid,
                "scenario": scenario.uuid,
                "upload": upload.uuid, "being_stored": new.storing(line, INNER).uuid,
                "upsert": new.upsert_job(inventory, INNER).uuid,
                "evidence": new.evidence(line, INNER, name=f"{INNER}.txt").uuid,
                "removed": new.removed_line(process, INNER).uuid,
                "practice": new.practice(company, INNER).uuid,
                **{name: row.uuid for name, row in new.partner(company, main, f"{INNER}-{place}").items()},
                "object": line.uuid, "factor": version.factor.uuid, "version": version.uuid,
                "number": version.number, "rule": rule.uuid,
            }
        )  # fmt: skip
    return both[0], both[1]


def _imported(inventory: Inventory) -> ImportJob:
    """A job that ended."""
    job = ImportJob.objects.create(
        company=inventory.company, file_name=f"{INNER}.zip", size=1, sha256="0" * 64,
        period_start=inventory.period_start, period_end=inventory.period_end, summary={}, findings=[],
    )  # fmt: skip
    for state in (ImportJob.State.RUNNING, ImportJob.State.DONE):
        ImportJob.objects.filter(pk=job.pk).update(state=state)
    return job


def _people(company: Company) -> dict[str, Any]:
    """Somebody who works there, somebody who was asked in, a machine, and what the company takes home."""
    person = new.person(company, Role.PLANT_PROVIDER)
    keeper = actor_of_user(new.person(company, Role.OWNER))
    asked = invite(company, by=keeper, email=person.email.replace("@", "@not."), roles=[Role.APPROVER])
    machine = add_service_client(company, by=keeper, name=INNER).client
    return {
        "person": person.uuid, "membership_id": person.memberships.get().pk,
        "invitation": asked.invitation.uuid, "client": machine.uuid, "secret": machine.secrets.get().uuid,
        "export": CompanyExport.objects.create(company=company, state=CompanyExport.State.FAILED).uuid,
    }  # fmt: skip


def _askers(world: World, site: Any, other_site: Any) -> Iterator[Asker]:
    own = world.company
    for name, role in IN_A_COMPANY.items():
        yield _person(f"own.{name}", own, role, sites=(site,) if name == "plant" else ())
    yield _person("own.plant_elsewhere", own, Role.PLANT_PROVIDER, sites=(other_site,))
    yield _person("own.auditor", own, Role.AUDITOR)
    yield _person("own.former", own, Role.OWNER, until_yesterday=True)
    yield from (_machine("own.erp", own), _machine("own.erp_reader", own, "read"))
    for relation, company in world.others.items():
        for name, role in IN_A_COMPANY.items():
            if relation not in ONLY_OWNERS or role is Role.OWNER:
                yield _person(f"{relation}.{name}", company, role)
        yield _machine(f"{relation}.erp", company)
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    for name in AT_THE_OFFICE:
        yield _person(f"alliance.{name}", office, Role(name))
    body = new.company("body", kind=Company.Kind.VERIFIER)
    yield _person("body.verifier", body, Role.VERIFIER)
    yield _person("nobody.without_role", office, None)
    yield Asker("nobody.anonymous", stranger())
    yield _machine("nobody.switched_off", own, is_active=False)


def _person(
    name: str, company: Company, role: Role | None, *, sites: Any = (), until_yesterday: bool = False
) -> Asker:
    person: User = new.person(company, *([role] if role else []), sites=sites)
    if until_yesterday:
        Membership.objects.filter(user=person).update(valid_to=timezone.localdate() - timedelta(days=1))
    return Asker(name, signed_in(person))


def _machine(name: str, company: Company, scope: str = "read write", *, is_active: bool = True) -> Asker:
    application = new.machine_client(company, name, name=name, is_active=is_active).application
    token = hashlib.sha256(name.encode()).hexdigest()
    AccessToken.objects.create(
        application=application, token=token, scope=scope, expires=timezone.now() + timedelta(hours=1)
    )
    return Asker(name, stranger(), token, reads_only="write" not in scope)
