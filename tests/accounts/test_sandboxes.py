"""Sandboxes: opened by an owner or a command, shown to those who work in them, out of reach of others."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts import queries
from accounts.actions import open_sandbox
from accounts.errors import NotAllowed, Refusal
from accounts.models import Company, Membership
from accounts.policy import can, speaks_for
from accounts.queries import actor_for_company, actor_of_client, actor_of_user
from accounts.roles import OUTWARD, ROLES, Permission, Role
from footprint.analysis.models import Practice
from footprint.benchmark.actions.overview import count
from footprint.benchmark.models import Participation
from footprint.inventory.actions import add_product, grant_product
from footprint.inventory.models import ProductGrant
from footprint.publication.models import Publication
from tests import builders as new

pytestmark = pytest.mark.django_db
MARK = {"en": "Nothing of it reaches others", "zh": "其中一切不会到达他人"}


def opened() -> tuple[Company, Company]:
    """A company and its sandbox, opened by its owner."""
    real = new.company("real")
    return real, open_sandbox(real, by=new.actor(real))


def test_who_opens_it_owns_it_and_others_do_not_see_it() -> None:
    real = new.company("real")
    owner = new.person(real, Role.OWNER)
    made = open_sandbox(real, by=actor_of_user(owner))
    assert (made.code, made.kind, made.group) == ("real-sandbox", "sandbox", real.group)
    assert made in queries.companies(actor_of_user(owner))
    for other in (new.actor(real), new.actor(new.company("rival"))):
        assert made not in queries.companies(other)
    assert real in queries.companies(new.actor(real))


def test_one_each_and_none_of_a_sandbox() -> None:
    real, made = opened()
    with pytest.raises(Refusal) as twice:
        open_sandbox(real, by=new.actor(real))
    with pytest.raises(Refusal) as inner:
        open_sandbox(made, by=new.actor(made))
    assert (twice.value.code, inner.value.code) == ("has_sandbox", "is_sandbox")
    with pytest.raises(NotAllowed):
        open_sandbox(new.company("other"), by=new.actor(real))


def test_nothing_that_reaches_others_is_possible_whatever_the_role() -> None:
    _real, made = opened()
    for role in (Role.OWNER, Role.APPROVER, Role.SHARING_MANAGER):
        actor = new.actor(made, role)
        held = ROLES[role].permissions
        assert not [one for one in held & OUTWARD if can(actor, one, company_id=made.pk)]
        assert all(can(actor, one, company_id=made.pk) for one in held - OUTWARD)
    assert not can(new.actor(made), Permission.PROPOSE_PRACTICE, company_id=made.pk)
    machine = actor_of_client(new.machine_client(made, "x"))
    for actor in (machine, actor_for_company(made)):
        assert can(actor, Permission.EDIT_INVENTORY, company_id=made.pk)
        assert not can(actor, Permission.PREPARE_PUBLICATION, company_id=made.pk)


def test_whoever_works_in_one_speaks_for_the_real_company() -> None:
    real, made = opened()
    person = new.person(made, Role.OWNER, Role.APPROVER)
    asked = (Permission.PROPOSE_RULE, Permission.COMMENT_RULE, Permission.REVIEW_FACTOR)
    assert not any(can(actor_of_user(person), one) for one in asked)
    assert {speaks_for(actor_of_user(person), one) for one in asked} == {None}
    for role in (Role.OWNER, Role.APPROVER):
        Membership.objects.create(user=person, company=real, role=role)
    assert {speaks_for(actor_of_user(person), one) for one in asked} == {real.pk}


def test_it_says_why() -> None:
    _real, made = opened()
    owner = new.actor(made)
    product = add_product(made, by=owner, code="P-1", unit="kg", name_en="x")
    with translation.override("en"), pytest.raises(NotAllowed) as refused:
        grant_product(product, by=owner, recipient=new.company("rival"))
    with translation.override("en"):
        assert "sandbox" in str(refused.value)


def test_the_database_keeps_it_out_for_whoever_connects() -> None:
    _real, made = opened()
    product = new.product(made)
    rows = (
        ProductGrant(company=made, product=product, recipient=new.company("rival")),
        Participation(company=made, product=product),
        Publication(company=made, product=product),
        Practice(company=made, target="heat", percent=-5, effect_low=-5, effect_high=-5),
    )
    for row in rows:
        with pytest.raises(IntegrityError, match="sandbox"), transaction.atomic():
            row.save(force_insert=True)


def test_averages_do_not_count_it() -> None:
    new.company("one")
    before = count(at=timezone.now()).content
    _real, made = opened()
    new.site(made)
    after = count(at=timezone.now()).content
    assert after["members"] == before["members"] + 1  # the real one alone
    assert after["provinces"] == before["provinces"]


def test_a_command_opens_it() -> None:
    new.company("real")
    said = io.StringIO()
    call_command("add_sandbox", "--company", "real", stdout=said)
    assert said.getvalue().strip() == "sandbox real-sandbox"
    for code in ("real", "nowhere"):
        with pytest.raises(CommandError):
            call_command("add_sandbox", "--company", code)


def test_a_page_opens_it_and_says_what_it_is() -> None:
    real = new.company("real")
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(new.person(real, Role.OWNER))
    opens = reverse("accounts:sandbox", args=[real.uuid])
    assert opens in browser.get(reverse("accounts:company", args=[real.uuid])).content.decode()
    page = browser.post(opens, follow=True).content.decode()
    made = Company.objects.get(kind="sandbox")
    assert MARK["en"] in page or MARK["zh"] in page
    assert reverse("accounts:sandbox", args=[made.uuid]) not in page
    browser.post(opens)
    assert Company.objects.filter(kind="sandbox").count() == 1
    outsider = Client()
    outsider.force_login(new.person(new.company("rival"), Role.OWNER))
    assert outsider.get(reverse("accounts:company", args=[made.uuid])).status_code == 404
