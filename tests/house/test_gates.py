"""No address forgets its gate: whoever did not sign in is sent away, and what is foreign does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils import timezone

from accounts.actions import add_service_client, delegate, invite
from accounts.models import Company, Kind, Notification
from accounts.notices import notify
from accounts.queries import actor_of_user
from accounts.roles import Role
from footprint.analysis.models import Scenario, UncertaintyRun
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.exchange.models import CompanyExport, ImportJob
from footprint.inventory.actions import open_thread
from footprint.publication.models import Publication
from footprint.verification.models import Engagement, SampledLine, VerificationFinding
from tests import builders as new
from tests.footprint.benchmark.cohorts import compared
from tests.reviewing import Plant, carried, prepared
from tests.sharing import figure_of, linked

PUBLIC = {
    "healthz": "asked by load balancers; says which part is down and nothing else",
    "readyz": "as healthz",
    "metrics": "from the machine itself or with the operators' token; names no tenant",
    "accounts/login/": "the gate itself",
    "accounts/logout/": "sends whoever is not signed in to the front",
    "accounts/login/code/confirm/": "goes back to the login when no code was sent",
    "accounts/password/reset/": "for those who cannot sign in",
    "accounts/password/reset/done/": "says that a mail was sent, if the address is known",
    "accounts/password/reset/key/{uidb36}-{key}/": "the link of that mail; without its key it says so",
    "accounts/password/reset/key/done/": "says that the password was set",
    "accounts/signup/": "says that nobody signs up here",
    "accounts/inactive/": "says that the account is switched off",
    "accounts/confirm-email/": "says that a mail was sent",
    "accounts/confirm-email/{key}/": "the link of a mail; without its key it says so",
    "accounts/oidc/{provider_id}/login/": "leads to the identity provider; without one it does not exist",
    "accounts/oidc/{provider_id}/login/callback/": "comes back from it",
    "accounts/3rdparty/login/cancelled/": "says that the identity provider was left",
    "accounts/3rdparty/login/error/": "says that it did not confirm anybody",
    "accounts/3rdparty/signup/": "goes back to the login: nobody signs up here",
    "accounts/social/login/cancelled/": "a former address of the library",
    "accounts/social/login/error/": "a former address of the library",
    "accounts/social/signup/": "a former address of the library",
    "accounts/social/connections/": "a former address of the library",
    "open/": "lists what was published to everybody",
    "open/declarations.json": "as open/",
    "connect/": "asks companies that take such requests; tells nothing of the others, nor who asked before",
    "invitations/{token}/": "the one-time link of a mail; without its token it says so",
    ".well-known/security.txt": "where to report a weakness",
    ".well-known/audit-keys.json": "public keys are for everybody",
    ".well-known/jwks.json": "public keys are for everybody",
    ".well-known/pcf-withdrawals.json": "names public declarations alone",
    "declarations/{publication_uuid}/": "what was published to everybody; of all else there is nothing",
    "declarations/{publication_uuid}/declaration-{language}.pdf": "the same, on paper",
    "declarations/{publication_uuid}/declaration.jws": "the same, signed",
    "declarations/{publication_uuid}/declaration.json": "the same, as it was signed",
    "statements/{statement_uuid}/statement.jws": "what was stated about it, signed",
    "csp/": "takes browsers' reports of violations and answers nothing",
    "i18n/setlang/": "keeps the language in a cookie",
    "api/schema/": "the description of the interface is the same for everybody",
    "api/docs/": "the same, for reading",
    "oauth/token/": "the machines' gate itself",
    "oauth/revoke_token/": "asks for the client's own secret",
    "auth/token": "the gate of partners' systems",
    **dict.fromkeys(
        (
            "3/footprints",
            "3/footprints/{pf_id}",
            "3/events",
            "2/footprints",
            "2/footprints/{pf_id}",
            "2/events",
        ),
        "answers partners' systems alone, by tokens of their own: tests/footprint/partners",
    ),
    ".well-known/openid-configuration": "says where that gate is",
    "pact/declaration-1.schema.json": "the form of what is signed is the same for everybody",
    "pact/stages-1.schema.json": "so is that of a total by stage",
}
NOWHERE = "api/{rest}"
"""Answers 404 to everybody."""
SHARED = {
    "companies/{company_uuid}/": "the directory of companies is open to every member",
    "factors/": "the factor database is shared",
    "api/v1/companies/": "as companies/",
    "api/v1/factors/": "as factors/",
    "api/v1/factor-versions/": "as factors/",
    "api/v1/factor-proposals/": "as factors/",
    "api/v1/closure-rules/": "rules are the same for every member",
    "benchmarks/{definition_uuid}/": "who compares what is open to every member",
    "benchmarks/{definition_uuid}/move/": "as above",
    "benchmarks/{definition_uuid}/prepare/": "as above",
    "benchmarks/releases/{release_uuid}/": "as above",
    "benchmarks/releases/{release_uuid}/move/": "as above",
    "benchmarks/releases/{release_uuid}/factor/": "as above",
    "api/v1/benchmark-releases/": "as above",
    "api/v1/benchmark-definitions/": "as above",
    "api/v1/uncertainty-runs/": "a study of all products names nobody",
}
API_THINGS = {
    "companies": "company",
    "sites": "site",
    "products": "product",
    "inventories": "inventory",
    "unit-processes": "process",
    "exchanges": "exchange",
    "footprints": "footprint",
    "factors": "factor",
    "factor-versions": "version",
    "factor-proposals": "proposal",
    "factor-imports": "import",
    "adoption-policies": "policy",
    "closure-rules": "rule",
    "scenarios": "scenario",
    "practices": "practice",
    "uncertainty-runs": "run",
    "workbook-uploads": "upload",
    "partner-connections": "connection",
    "partner-footprints": "received",
    "partner-grants": "grant",
    "connection-requests": "connection_request",
    "connection-receptions": "company",
    "openlca-imports": "job",
    "partner-events": "event",
    "partner-deliveries": "delivery",
    "published-footprints": "offered",
    "evidence": "evidence",
    "submissions": "submission",
    "review-threads": "thread",
    "publications": "publication",
    "benchmark-releases": "release",
    "benchmark-definitions": "definition",
    "benchmark-preparations": "release",
    "notifications": "notification",
    "verifications": "engagement",
    "upserts": "upsert",
    "conformance-runs": "conformance",
    "webhooks": "webhook",
    "webhook-deliveries": "hook_delivery",
    "sharing-requests": "sharing",
    "supplier-figures": "figure",
}

PERSONAL = {"notifications", "factor-imports", "benchmark-preparations"}
"""One person's, whoever else belongs to the company; or the office's."""

WITHOUT_ADDRESS = {"published-footprints"}
"""Over REST only what is handed in with them has an address."""

STAND_INS = {"uuid": uuid4(), "file_uuid": uuid4(), "number": 1, "year": 2025, "pk": 1}
STAND_INS |= {"session_id": 1, "membership_id": 1}


@dataclass(frozen=True)
class Address:
    """A pattern of the URLconf with its parts filled in later."""

    route: str
    fields: tuple[str, ...]

    def path(self, things: dict[str, UUID]) -> str:
        """With the uuids of these things, and what fits any other converter."""
        resource = re.match(r"api/v1/([a-z-]+)/{uuid}", self.route)
        own = API_THINGS[resource[1]] if resource else ""
        named = {
            name: things.get(name.removesuffix("_uuid") if name != "uuid" else own) for name in self.fields
        }
        return "/" + self.route.format(
            **{name: value or STAND_INS.get(name, "x") for name, value in named.items()}
        )

    @property
    def names_a_tenants_thing(self) -> bool:
        return any("uuid" in name for name in self.fields) and not any(
            self.route.startswith(shared) if shared.startswith(("api/", "factors/")) else self.route == shared
            for shared in SHARED
        )


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[Address]:
    """Every pattern of the URLconf, whoever added it."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + _braced(each)
        if isinstance(each, URLResolver):
            yield from addresses(each, route)
        else:
            yield Address(route, tuple(re.findall(r"{(\w+)}", route)))


def _braced(each: URLPattern | URLResolver) -> str:
    """<uuid:thing_uuid>/ and (?P<key>...)/ alike as {thing_uuid}/ and {key}/."""
    if isinstance(each.pattern, RoutePattern):
        return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(each.pattern))
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", str(each.pattern))
    return plain.removeprefix("^").removesuffix("$").removesuffix("\\Z").replace("\\.", ".").replace("\\", "")


def asked(client: Client, path: str) -> list[tuple[str, HttpResponse]]:
    return [(method, getattr(client, method.lower())(path)) for method in ("GET", "POST")]


def is_sent_away(response: HttpResponse) -> bool:
    """To the login, or told to sign in; a method nobody may use is no way in either."""
    if response.status_code in (301, 302, 303):
        return response.headers["Location"].startswith(resolve_url(settings.LOGIN_URL))
    return response.status_code in (401, 405)


@pytest.fixture
def theirs(db: None) -> dict[str, UUID]:
    """Somebody's things, by the name an address calls them."""
    return made_for_somebody()


@pytest.fixture(scope="module")
def kept(kept_rows: None) -> dict[str, UUID]:
    """The same, made once for tests that only ask."""
    return made_for_somebody()


def made_for_somebody() -> dict[str, UUID]:
    """A company with one thing of every sort that an address names."""
    new.gwp()
    company = new.company("theirs")
    site = new.site(company)
    inventory = new.inventory(site)
    process = new.process(inventory)
    product = new.product(company)
    exchange = new.output(process, product, is_reference=True)
    new.emits(process, "1")
    drain()
    job = ImportJob.objects.create(
        company=company,
        file_name="theirs.zip",
        size=1,
        sha256="0" * 64,
        period_start=inventory.period_start,
        period_end=inventory.period_end,
    )
    scenario = Scenario.objects.create(company=company, product=product, name="theirs", year=2025, levers=[])
    version = new.factor_version("0.5")
    run = UncertaintyRun.objects.create(samples=100)
    release = compared(company, [product])
    things = {
        "company": company, "site": site, "inventory": inventory, "process": process, "product": product,
        "exchange": exchange, "job": job, "footprint": Footprint.objects.get(process=process),
        "factor": version.factor, "version": version, "rule": new.closure_rule(), "object": product,
        "scenario": scenario, "proposal": new.factor_proposal(company, version),
        "run": run, "policy": new.adoption_policy(company), "import": new.factor_import(),
        "release": release,
        "definition": release.definition,
        "upload": new.workbook_upload(exchange),
        "upsert": new.upsert_job(inventory),
        "evidence": new.evidence(exchange),
        "removed": new.removed_line(process),
        "practice": new.practice(company),
        **_reviewed(company, inventory, product, exchange),
        **_people_of(company),
        "export": CompanyExport.objects.create(company=company),
        **new.partner(company, product),
        "notification": _told(company, inventory.uuid),
        **_verified(company, inventory, product),
        "sharing": (request := linked(company, new.company())),
        "figure": figure_of(request),
    }  # fmt: skip
    return {name: thing.uuid for name, thing in things.items()}


def _verified(company: Company, inventory: Any, product: Any) -> dict[str, Any]:
    """A verification that was asked for, with a finding and a line that nobody looked at."""
    publication = Publication.objects.get(company=company)
    body = new.company(kind=Company.Kind.VERIFIER)
    days = {"period_start": inventory.period_start, "period_end": inventory.period_end}
    engagement = Engagement.objects.create(
        company=company, publication=publication, body=body, verifier=new.person(body, Role.VERIFIER),
        name_zh="x", name_en="x", level="limited", standard="x", access_until=inventory.period_end, **days,
    )  # fmt: skip
    parts = {"company": company, "engagement": engagement}
    line = SampledLine.objects.create(line=product.uuid, risk=1, reasons=[], **parts)
    finding = VerificationFinding.objects.create(severity="note", text="x", raised_at=timezone.now(), **parts)
    return {"engagement": engagement, "finding": finding, "line": line}


def _told(company: Company, thing: UUID) -> Notification:
    """Of somebody who left: its own recipient is asked in tests/footprint/inventory/test_notices.py."""
    told = {"kind": Kind.MOVED, "event": "take", "subject": "submission", "subject_uuid": thing}
    person = new.person(company, Role.OWNER)
    notify([person.pk], company_id=company.pk, at=timezone.now(), **told)
    return Notification.objects.get(recipient=person, subject_uuid=thing)


def _reviewed(company: Company, inventory: Any, product: Any, line: Any) -> dict[str, Any]:
    """A submission under review with a thread, and a publication on its way."""
    office = new.company(kind=Company.Kind.ASSOCIATION)
    people = {
        "owner": new.person(company, Role.OWNER),
        "approver": new.person(company, Role.APPROVER),
        "steward": new.person(office, Role.STEWARD),
    }
    here = Plant(company, inventory, product, line, people)
    carried(here)
    publication = prepared(here, "private")
    submission = carried(here, "under_review")
    thread = open_thread(submission, by=here.steward, at=timezone.now(), text="theirs")
    return {"submission": submission, "thread": thread, "publication": publication}


def _people_of(company: Company) -> dict[str, Any]:
    """Who works there, was asked in, stands in for whom, and which machine signs in."""
    owner = new.person(company, Role.OWNER)
    other = new.person(company, Role.APPROVER)
    actor, tomorrow = actor_of_user(owner), timezone.localdate() + timedelta(days=1)
    machine = add_service_client(company, by=actor, name="theirs").client
    invitation = invite(company, by=actor, email="asked@example.com", roles=["owner"]).invitation
    lent = delegate(owner.memberships.get(), by=actor, to=other, ends_on=tomorrow)
    return {
        "client": machine, "secret": machine.secrets.get(), "invitation": invitation, "delegation": lent,
        "person": other,
    }  # fmt: skip


def test_the_walk_finds_every_room() -> None:
    found = {address.route for address in addresses()}
    rooms = {"accounts", "api", "categories", "companies", "factors", "imports", "inventories", "products"}
    rooms |= {"scenarios", "sites"}
    assert rooms <= {route.split("/")[0] for route in found}
    assert found >= {*PUBLIC, NOWHERE}


@pytest.mark.django_db
def test_nobody_gets_past_a_gate(kept: dict[str, UUID]) -> None:
    """Things that exist are asked for: a page that forgot its gate would show them, or say 404."""
    client = Client(raise_request_exception=False)
    open_gates = [
        f"{method} {address.route}: {response.status_code}"
        for address in addresses()
        if address.route not in (*PUBLIC, NOWHERE)
        for method, response in asked(client, address.path(kept))
        if not is_sent_away(response)
    ]
    assert open_gates == []


def test_what_is_public_answers(db: None) -> None:
    client = Client(raise_request_exception=False)
    broken = [
        f"{method} {address.route}: {response.status_code}"
        for address in addresses()
        if address.route in PUBLIC and address.route != "healthz"
        for method, response in asked(client, address.path({}))
        if response.status_code >= 500
    ]
    assert broken == []


@pytest.mark.django_db
def test_what_is_foreign_does_not_exist(kept: dict[str, UUID]) -> None:
    """404, as for a thing that is nowhere; 403 only for changing what the open directory shows."""
    stranger = Client(raise_request_exception=False)
    stranger.force_login(new.person(new.company("stranger"), Role.OWNER))
    private = [address for address in addresses() if address.names_a_tenants_thing]
    assert len(private) > 20
    seen = [
        f"{method} {address.route}: {response.status_code}"
        for address in private
        for method, response in asked(stranger, address.path(kept))
        if response.status_code not in (404, 405, *((403,) if address.route.startswith("companies/") else ()))
    ]
    assert seen == []


@pytest.mark.django_db
def test_whose_they_are_finds_them(kept: dict[str, UUID]) -> None:
    """So that the 404 above says something."""
    owner = Client()
    owner.force_login(new.person(Company.objects.get(code="theirs"), Role.OWNER))
    for resource, name in API_THINGS.items():
        if resource in PERSONAL | WITHOUT_ADDRESS:
            continue
        assert owner.get(f"/api/v1/{resource}/{kept[name]}/").status_code == 200, resource
