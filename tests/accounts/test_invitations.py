"""People come in by a one-time link, get roles, lose them, and nobody helps themselves."""

from __future__ import annotations

import io
import re
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import password_validation
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from accounts.actions import (
    accept,
    add_role,
    close_account,
    end_role,
    invite,
    open_account,
    reset_second_factor,
    send_again,
)
from accounts.actions.invitation import LASTS, Sent, Unusable
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import AuditEntry, Company, Invitation, Membership, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from tests import builders as new
from tests.chains import settle

pytestmark = pytest.mark.django_db
PASSWORD = "four plain words here"
NOBODY = Actor.nobody()


@pytest.fixture
def company(db: None) -> Company:
    cache.clear()
    return new.company("petro")


@pytest.fixture
def owner(company: Company) -> User:
    return new.person(company, Role.OWNER, email="owner@example.com")


def invited(owner: User, company: Company, email: str = "new@example.com", **more: Any) -> Sent:
    roles = more.pop("roles", [Role.PLANT_PROVIDER])
    return invite(company, by=actor_of_user(owner), email=email, roles=roles, **more)


def token_of(sent: Sent) -> str:
    return sent.link.rstrip("/").rpartition("/")[2]


def client_of(person: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(person)
    return client


def test_from_the_form_to_the_first_sign_in(
    owner: User, company: Company, django_capture_on_commit_callbacks: Any
) -> None:
    site = new.site(company, "jinshan")
    ends_on = timezone.localdate() + timedelta(days=30)
    form = {
        "email": "New@Example.com",
        "roles": [Role.PLANT_PROVIDER.value],
        "sites": [str(site.uuid)],
        "ends_on": ends_on.isoformat(),
        "locale": "en",
    }
    with django_capture_on_commit_callbacks(execute=True):
        page = client_of(owner).post(f"/companies/{company.uuid}/people/invite/", form)
    assert page.status_code == 200, "without outgoing mail the link is shown, too"
    assert page["Cache-Control"] == "no-store"
    [sent] = mail.outbox
    assert sent.to == ["new@example.com"] and "petro" in sent.subject
    link = re.search(r"/invitations/\S+/", sent.body)
    assert link and link[0] in page.content.decode()

    visitor = Client(headers={"accept-language": "en"})
    assert "Plant data provider" in visitor.get(link[0]).content.decode()
    weak = visitor.post(link[0], {"name": "Wei", "password": "12345678", "locale": "en"})
    assert weak.status_code == 422
    assert not User.objects.filter(email="new@example.com").exists()
    done = visitor.post(link[0], {"name": "Wei Anran", "password": PASSWORD, "locale": "en"})
    assert done["Location"] == "/accounts/login/"
    person = User.objects.get(email="new@example.com")
    assert (person.name, person.locale) == ("Wei Anran", "en")
    held = person.memberships.get()
    assert (held.role, held.valid_to, list(held.sites.all())) == (Role.PLANT_PROVIDER, ends_on, [site])
    assert visitor.get(link[0]).status_code == 404, "once"
    signed = visitor.post("/accounts/login/", {"login": "new@example.com", "password": PASSWORD})
    assert signed.status_code == 302
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize("spoil", ["expired", "withdrawn", "sent again", "mistyped"])
def test_a_link_that_is_worth_nothing(owner: User, company: Company, spoil: str) -> None:
    sent = invited(owner, company)
    link, client = f"/invitations/{token_of(sent)}/", client_of(owner)
    if spoil == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spoil == "mistyped":
        link = link[:-2] + "/"
    else:
        verb = "again" if spoil == "sent again" else "withdraw"
        client.post(f"/invited/{sent.invitation.uuid}/{verb}/")
    assert Client().get(link).status_code == 404
    assert Client().post(link, {"name": "X", "password": PASSWORD, "locale": "en"}).status_code == 404
    assert not User.objects.filter(email="new@example.com").exists()
    with pytest.raises(Unusable):
        accept(link.split("/")[2], by=NOBODY, name="X", password=PASSWORD, locale="en")


def test_only_a_hash_of_the_link_is_kept(owner: User, company: Company) -> None:
    sent = invited(owner, company)
    token = token_of(sent)
    settle()
    written = " ".join(str(entry.facts) for entry in AuditEntry.objects.filter(company=company))
    assert token not in written and sent.invitation.token_digest not in written
    assert token != sent.invitation.token_digest
    assert sent.invitation.expires_at - sent.invitation.sent_at == LASTS


def test_somebody_we_know_accepts_when_signed_in(owner: User, company: Company) -> None:
    known = new.person(new.company(), Role.OWNER, email="known@example.com")
    sent = invited(owner, company, "known@example.com", roles=[Role.APPROVER])
    link = f"/invitations/{token_of(sent)}/"
    visitor = Client(headers={"accept-language": "en"})
    assert "Sign in with it" in visitor.get(link).content.decode()
    visitor.post(link, {"name": "X", "password": PASSWORD, "locale": "en"})
    assert not known.memberships.filter(company=company).exists()
    with pytest.raises(NotAllowed):
        accept(token_of(sent), by=actor_of_user(owner))
    assert client_of(known).post(link)["Location"] == "/"
    assert known.memberships.get(company=company).role == Role.APPROVER
    assert known.check_password("a long password 1")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"roles": []}, "roles"),
        ({"roles": ["platform_admin"]}, "roles"),
        ({"roles": ["erp_client"]}, "roles"),
        ({"ends_on": date(2020, 1, 1)}, "ends_on"),
        ({"locale": "fr"}, "locale"),
    ],
)
def test_what_is_refused(owner: User, company: Company, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        invited(owner, company, **change)
    assert refused.value.field == field
    assert not Invitation.objects.exists()


def test_an_address_is_invited_once_at_a_time(owner: User, company: Company) -> None:
    invited(owner, company)
    with pytest.raises(Refusal, match=r"invited already|已被邀请"):
        invited(owner, company, "NEW@example.com")
    with pytest.raises(Refusals):
        accept(token_of(invited(owner, company, "b@example.com")), by=NOBODY)


def test_the_security_administrator_opens_a_company(company: Company) -> None:
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    security = new.person(office, Role.SECURITY_ADMIN)
    client = client_of(security)
    assert client.get(f"/companies/{company.uuid}/people/").status_code == 200
    form = {"email": "first@example.com", "roles": ["owner"], "locale": "en"}
    assert client.post(f"/companies/{company.uuid}/people/invite/", form).status_code == 200
    assert client.get(f"/companies/{company.uuid}/clients/").status_code == 403
    assert not actor_of_user(security).company_ids, "reads no business rows"
    with acting_as(actor_of_user(security)):
        assert Invitation.objects.get().roles == ["owner"]


def test_the_security_administrator_makes_nobody_a_companys_own_beside_its_owner(
    owner: User, company: Company
) -> None:
    security = new.actor(new.company("office", kind=Company.Kind.ASSOCIATION), Role.SECURITY_ADMIN)
    member = new.person(company, Role.PLANT_PROVIDER)

    def give() -> None:
        add_role(member, by=security, company=company, role=Role.OWNER)

    for bring_in in (give, lambda: invite(company, by=security, email="own@example.com", roles=["owner"])):
        with pytest.raises(Refusal) as refused:
            bring_in()
        assert refused.value.code == "has_owner"
    waiting = invited(owner, company).invitation
    with pytest.raises(Refusal) as refused:
        send_again(waiting, by=security)
    assert refused.value.code == "has_owner", "without outgoing mail its sender sees the link"
    close_account(owner, by=security)
    _nobody_comes_in(company, member, security)
    open_account(owner, by=security)
    owner.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    _nobody_comes_in(company, member, security)
    said = io.StringIO()
    where = ["--company", company.code, "--role", "owner", "--email", "next@example.com"]
    call_command("invite", *where, stdout=said)
    token = said.getvalue().splitlines()[0].rstrip("/").rpartition("/")[2]
    assert accept(token, by=NOBODY, name="Next", password=PASSWORD, locale="en").memberships.exists()


def _nobody_comes_in(company: Company, member: User, security: Actor) -> None:
    """The security administrator shut the company's owner out, and brings nobody in instead."""
    for bring_in in (
        lambda: add_role(member, by=security, company=company, role=Role.OWNER),
        lambda: invite(company, by=security, email="own@example.com", roles=["owner"]),
        lambda: send_again(Invitation.objects.get(), by=security),
    ):
        with pytest.raises(Refusal) as refused:
            bring_in()
        assert refused.value.code == "had_owner"


def test_roles_are_given_and_taken(owner: User, company: Company) -> None:
    member = new.person(company, Role.APPROVER)
    client = client_of(owner)
    page = client.get(f"/companies/{company.uuid}/people/").content.decode()
    assert member.email in page and "Lacks one" in page
    give = f"/companies/{company.uuid}/people/{member.uuid}/roles/"
    assert client.post(give, {"roles": []}).status_code == 422
    assert client.post(give, {"roles": ["sharing_mgr"]}).status_code == 302
    assert client.post(give, {"roles": ["sharing_mgr"]}).status_code == 422
    held = member.memberships.get(role=Role.SHARING_MANAGER)
    assert client.post(f"/memberships/{held.pk}/end/").status_code == 302
    assert not member.memberships.filter(role=Role.SHARING_MANAGER).exists()
    settle()
    about = {"subject": "accounts_membership", "about__contains": [member.uuid]}
    told = AuditEntry.objects.filter(company=company, **about)
    assert [entry.action for entry in told.order_by("position")][-2:] == ["added", "removed"]


def test_nobody_changes_their_own_roles_nor_leaves_a_company_alone(owner: User, company: Company) -> None:
    own = owner.memberships.get()
    actor = actor_of_user(owner)
    with pytest.raises(NotAllowed):
        end_role(own, by=actor)
    with pytest.raises(NotAllowed):
        add_role(owner, by=actor, company=company, role=Role.APPROVER)
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    security = new.actor(office, Role.SECURITY_ADMIN)
    with pytest.raises(Refusal, match=r"answers for its data|对其数据负责"):
        end_role(own, by=security)
    new.person(company, Role.OWNER)
    end_role(own, by=security)
    assert not Membership.objects.filter(pk=own.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_owners_do_not_end_each_others_role_at_once(owner: User, company: Company) -> None:
    other = new.person(company, Role.OWNER)
    refused: list[str] = []

    def end_the_first() -> None:
        try:
            with transaction.atomic():
                end_role(owner.memberships.get(), by=actor_of_user(other))
        except Refusal as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    with transaction.atomic():
        end_role(other.memberships.get(), by=actor_of_user(owner))
        at_once = threading.Thread(target=end_the_first)
        at_once.start()
        at_once.join(0.5)
    at_once.join()
    assert refused == ["last_owner"]
    assert Membership.objects.filter(company=company, role=Role.OWNER).count() == 1


def test_whose_role_is_over_gets_it_again_by_invitation(owner: User, company: Company) -> None:
    gone = new.person(company, Role.APPROVER, email="new@example.com")
    gone.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    accept(token_of(invited(owner, company, roles=[Role.APPROVER])), by=actor_of_user(gone))
    assert actor_of_user(gone).roles == {Role.APPROVER}


def test_an_address_that_became_somebodys_meanwhile_is_refused(
    owner: User, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = token_of(invited(owner, company))
    known = password_validation.validate_password

    def elsewhere(*given: Any) -> None:
        known(*given)
        User.objects.create_user("new@example.com", PASSWORD)

    monkeypatch.setattr(password_validation, "validate_password", elsewhere)
    with pytest.raises(Refusal) as refused:
        accept(link, by=NOBODY, name="New", password=PASSWORD, locale="en")
    assert refused.value.code == "duplicate"


def test_nobody_invites_themselves_to_another_role(owner: User, company: Company) -> None:
    with pytest.raises(NotAllowed):
        invited(owner, company, "Owner@Example.com", roles=[Role.APPROVER])
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    security = new.person(office, Role.SECURITY_ADMIN)
    for there in (company, office):
        form = {"email": security.email, "roles": ["owner"], "locale": "en"}
        refused = client_of(security).post(f"/companies/{there.uuid}/people/invite/", form)
        assert refused.status_code == 403
    assert not Invitation.objects.exists()


def test_who_may_close_an_account_and_reset_a_factor(owner: User, company: Company) -> None:
    member, actor = new.person(company, Role.APPROVER), actor_of_user(owner)
    with pytest.raises(NotAllowed):
        close_account(owner, by=actor)
    with pytest.raises(NotAllowed):
        close_account(member, by=actor_of_user(new.person(company, Role.APPROVER)))
    with pytest.raises(NotAllowed):
        reset_second_factor(member, by=actor)
    Membership.objects.create(user=member, company=new.company(), role=Role.APPROVER)
    with pytest.raises(NotAllowed):
        close_account(member, by=actor)
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    security = new.actor(office, Role.SECURITY_ADMIN)
    assert not close_account(member, by=security).is_active
    reset_second_factor(member, by=security)


def test_the_outsider_finds_nothing(owner: User, company: Company) -> None:
    sent = invited(owner, company)
    member = new.person(company, Role.APPROVER)
    stranger = client_of(new.person(new.company(), Role.OWNER))
    assert stranger.get(f"/companies/{company.uuid}/people/").status_code == 403
    assert stranger.post(f"/invited/{sent.invitation.uuid}/again/").status_code == 404
    assert stranger.post(f"/invited/{sent.invitation.uuid}/withdraw/").status_code == 404
    assert stranger.post(f"/memberships/{member.memberships.get().pk}/end/").status_code == 404
    assert stranger.post(f"/companies/{company.uuid}/people/{member.uuid}/close/").status_code == 403
    colleague = client_of(member)
    assert colleague.get(f"/companies/{company.uuid}/people/").status_code == 403


def test_a_company_and_its_first_person_come_in_from_the_command_line() -> None:
    names = ["--name-zh", "联盟办公室", "--name-en", "Office"]
    call_command("add_company", "office", *names, "--kind", "association", stdout=io.StringIO())
    office = Company.objects.get(code="office")
    assert (office.group.code, office.name_zh) == ("office", "联盟办公室")
    with pytest.raises(CommandError, match="has this code already"), override("en"):
        call_command("add_company", "office", *names)
    with pytest.raises(CommandError):
        call_command("add_company", "an office", *names)
    said = io.StringIO()
    where = ["--company", "office", "--role", "security_admin", "--email", "first@example.com"]
    call_command("invite", *where, stdout=said)
    token = said.getvalue().splitlines()[0].rstrip("/").rpartition("/")[2]
    person = accept(token, by=NOBODY, name="First", password="long enough 42 words", locale="en")
    assert [held.role for held in person.memberships.filter(company=office)] == ["security_admin"]
    with pytest.raises(CommandError, match="no company 'nowhere'"):
        call_command("invite", "--company", "nowhere", *where[2:])
    with pytest.raises(CommandError):
        call_command("invite", "--company", "office", "--role", "king", "--email", "second@example.com")
