"""Lent roles, and duties that no two of may lie in one hand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.actions import add_role, delegate, end_role, revoke_delegation
from accounts.actions.delegation import LONGEST_DAYS
from accounts.errors import NotAllowed, Refusal
from accounts.models import AuditEntry, Company, Delegation, Membership, User
from accounts.queries import actor_of_user
from accounts.roles import APART, Permission, Role
from tests import builders as new
from tests.accounts.test_invitations import client_of
from tests.chains import settle

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=10)


@pytest.fixture
def company(db: None) -> Company:
    return new.company("petro")


@pytest.fixture
def owner(company: Company) -> User:
    return new.person(company, Role.OWNER)


@pytest.fixture
def colleague(company: Company) -> User:
    return new.person(company, Role.PLANT_PROVIDER)


def lend(owner: User, colleague: User, ends_on: date = SOON) -> Delegation:
    return delegate(owner.memberships.get(), by=actor_of_user(owner), to=colleague, ends_on=ends_on)


def roles_of(person: User, on: date | None = None) -> set[Role]:
    return set(actor_of_user(person, on).roles)


def test_a_lent_role_counts_until_its_day(owner: User, colleague: User, company: Company) -> None:
    lent = lend(owner, colleague)
    assert roles_of(colleague) == {Role.PLANT_PROVIDER, Role.OWNER}
    assert roles_of(colleague, SOON + timedelta(days=1)) == {Role.PLANT_PROVIDER}
    assert roles_of(owner) == {Role.OWNER}
    revoke_delegation(lent, by=actor_of_user(owner))
    assert roles_of(colleague) == {Role.PLANT_PROVIDER}
    settle()
    told = AuditEntry.objects.filter(company=company, subject="accounts_delegation").order_by("position")
    assert [entry.action for entry in told] == ["added", "changed"]
    assert all(colleague.uuid in entry.about for entry in told)


def test_it_is_never_more_than_its_holder_has(owner: User, colleague: User, company: Company) -> None:
    lend(owner, colleague)
    membership = owner.memberships.get()
    membership.valid_to = TODAY + timedelta(days=2)
    membership.save()
    assert roles_of(colleague, TODAY + timedelta(days=3)) == {Role.PLANT_PROVIDER}
    owner.is_active = False
    owner.save()
    assert roles_of(colleague) == {Role.PLANT_PROVIDER}
    new.person(company, Role.OWNER)
    end_role(membership, by=new.actor(company))
    assert not Delegation.objects.exists()


def test_sites_are_the_holders(company: Company) -> None:
    here, there = new.site(company), new.site(company)
    provider = new.person(company, Role.PLANT_PROVIDER, sites=(here,))
    other = new.person(company, Role.APPROVER)
    assert there.pk
    delegate(provider.memberships.get(), by=actor_of_user(provider), to=other, ends_on=SOON)
    [holding] = actor_of_user(other).holdings_with(Permission.EDIT_INVENTORY)
    assert holding.site_ids == {here.pk}


def test_what_cannot_be_lent(owner: User, colleague: User, company: Company) -> None:
    own = owner.memberships.get()
    actor = actor_of_user(owner)
    stranger = new.person(new.company(), Role.APPROVER)
    with pytest.raises(NotAllowed):
        delegate(own, by=actor_of_user(colleague), to=stranger, ends_on=SOON)
    lend(owner, colleague)
    with pytest.raises(NotAllowed):
        delegate(own, by=actor_of_user(colleague), to=owner, ends_on=SOON)  # lent is not held
    refused = [
        (stranger, SOON, "to"),
        (owner, SOON, "to"),
        (colleague, SOON, "to"),
        (new.person(company, Role.OWNER), SOON, "to"),
        (new.person(company, Role.APPROVER), TODAY - timedelta(days=1), "ends_on"),
        # two days too many: a midnight may lie between the reading of this file and here
        (new.person(company, Role.APPROVER), TODAY + timedelta(days=LONGEST_DAYS + 2), "ends_on"),
    ]
    for to, ends_on, field in refused:
        with pytest.raises(Refusal) as said:
            delegate(own, by=actor, to=to, ends_on=ends_on)
        assert said.value.field == field


def test_from_the_page(owner: User, colleague: User) -> None:
    client = client_of(owner)
    form = {
        "membership": str(owner.memberships.get().pk),
        "to": str(colleague.uuid),
        "ends_on": SOON.isoformat(),
    }
    assert client.post("/account/lend/", {**form, "ends_on": "2020-01-01"}).status_code == 422
    assert client.post("/account/lend/", form).status_code == 302
    assert colleague.email in client.get("/account/lend/").content.decode()
    lent = Delegation.objects.get()
    stranger = Client()
    stranger.force_login(new.person(new.company(), Role.OWNER))
    assert stranger.post(f"/account/lent/{lent.uuid}/end/").status_code == 404
    assert client.post(f"/account/lent/{lent.uuid}/end/").status_code == 302
    assert Delegation.objects.get().revoked_at


@pytest.mark.parametrize(("one", "other"), sorted(permutations(sorted(APART), 2)))
def test_the_database_keeps_duties_apart(company: Company, one: Role, other: Role) -> None:
    person = new.person(company, one)
    with pytest.raises(IntegrityError, match="one person may not"), transaction.atomic():
        Membership.objects.create(user=person, company=new.company(), role=other)
    innocent = Membership.objects.create(user=person, company=company, role=Role.PUBLIC)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=innocent.pk).update(role=other)
    Membership.objects.create(user=new.person(company), company=company, role=other)


def test_one_after_the_other_is_no_conflict(company: Company) -> None:
    person = new.person(company, Role.AUDITOR)
    person.memberships.update(valid_to=TODAY)
    Membership.objects.create(
        user=person, company=company, role=Role.PLATFORM_ADMIN, valid_from=TODAY + timedelta(days=1)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        person.memberships.filter(role=Role.AUDITOR).update(valid_to=None)


def test_lending_does_not_go_round_it(company: Company) -> None:
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    admin, auditor = new.person(office, Role.PLATFORM_ADMIN), new.person(office, Role.AUDITOR)
    with pytest.raises(Refusal) as said:
        lend(admin, auditor)
    assert said.value.code == "duties_apart"
    curator = new.person(office, Role.CURATOR)
    lend(admin, curator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=curator, company=office, role=Role.AUDITOR)


def test_the_form_says_it_in_words(company: Company) -> None:
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    security, auditor = new.person(office, Role.SECURITY_ADMIN), new.person(office, Role.AUDITOR)
    with pytest.raises(Refusal) as said:
        add_role(auditor, by=actor_of_user(security), company=office, role=Role.PLATFORM_ADMIN)
    assert said.value.code == "duties_apart"
    client = client_of(security)
    give = f"/companies/{office.uuid}/people/{auditor.uuid}/roles/"
    page = client.post(give, {"roles": ["platform_admin"]})
    assert page.status_code == 422
    assert "must be three people" in page.content.decode()
