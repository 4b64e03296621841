"""Every change of a row is in the chain: by whom, in which request, what it was and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import audit, audit_queries
from accounts.actions import add_service_client
from accounts.actor import Actor
from accounts.audit_chain import Head, verify
from accounts.audited_sql import PACK
from accounts.models import AuditChain, AuditEntry, AuditSeal, Company, Membership, Site, User
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.models import Exchange, OutputPrice, UnitProcess
from tests import builders as new
from tests.chains import chain, entries, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return new.company("ours")


@pytest.fixture
def process(company: Company) -> UnitProcess:
    return new.process(new.inventory(new.site(company)))


@pytest.fixture
def line(process: UnitProcess) -> Exchange:
    return new.output(process, new.product(process.company), "1.50")


def test_a_row_that_is_added_changed_and_removed(line: Exchange) -> None:
    Exchange.objects.filter(pk=line.pk).update(amount=Decimal("2.750"), version=2)
    uuid = str(line.uuid)
    line.delete()
    added, changed, removed = entries(line.company, subject="inventory_exchange")
    assert [one.action for one in (added, changed, removed)] == ["added", "changed", "removed"]
    assert added.facts["rows"][0]["after"]["amount"] == Decimal("1.50")
    assert changed.facts == {
        "rows": [{"id": uuid, "before": {"amount": Decimal("1.50")}, "after": {"amount": Decimal("2.750")}}]
    }
    assert str(changed.facts["rows"][0]["after"]["amount"]) == "2.750"
    assert removed.facts["rows"][0]["before"]["unit"] == "kg"
    assert "after" not in removed.facts["rows"][0]


def test_an_entry_is_about_the_row_and_what_it_is_a_part_of(line: Exchange) -> None:
    (added,) = entries(line.company, subject="inventory_exchange")
    assert set(added.about) == {line.uuid, line.process.uuid, line.process.inventory.uuid}


def test_raw_sql_and_bulk_are_seen(process: UnitProcess) -> None:
    made = Exchange.objects.bulk_create(
        Exchange(
            company=process.company, process=process, direction="output", kind="elementary", gas="CO2",
            amount=number, unit="kg",
        )
        for number in range(PACK + 3)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_exchange SET comment = 'seen' WHERE amount < 2")
    first, second, changed = entries(process.company, subject="inventory_exchange")
    assert [len(one.facts["rows"]) for one in (first, second, changed)] == [PACK, 3, 2]
    told = {row["id"] for one in (first, second) for row in one.facts["rows"]}
    assert told == {str(each.uuid) for each in made}
    assert [row["after"] for row in changed.facts["rows"]] == [{"comment": "seen"}, {"comment": "seen"}]


def test_nothing_changed_nothing_said(line: Exchange) -> None:
    before = len(entries(line.company))
    Exchange.objects.update(amount=Decimal("1.5"))
    Exchange.objects.filter(pk=-1).update(amount=3)
    Exchange.objects.filter(pk=-1).delete()
    assert len(entries(line.company)) == before


def test_who_did_it_and_in_which_request(line: Exchange) -> None:
    person = new.actor(line.company)
    request = uuid4()
    with acting_as(person, request_id=request):
        Exchange.objects.update(amount=3)
        with acting_as(Actor.worker()):
            Exchange.objects.update(amount=4)
    with acting_as(Actor.worker()):
        Exchange.objects.update(amount=5)
    Exchange.objects.update(amount=6)
    told = entries(line.company, subject="inventory_exchange", action="changed")
    assert [one.actor for one in told] == [person.signature, person.signature, "worker", "role:pcf_owner"]
    assert person.signature.startswith("person:") and len(person.signature) == 43
    assert [one.request for one in told] == [request, request, None, None]


def test_each_company_has_its_own_chain_and_the_directory_is_the_alliances(line: Exchange) -> None:
    other = new.site(new.company("other"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_site SET province = 'CN-BJ'")
    assert [one.facts["rows"][0]["id"] for one in entries(other.company, action="changed")] == [
        str(other.uuid)
    ]
    assert len(entries(line.company, action="changed")[0].facts["rows"]) == 1
    kinds = {one.subject for one in entries(None)}
    assert {"accounts_company", "accounts_companygroup"} <= kinds
    assert not kinds & {"accounts_site", "inventory_exchange"}
    assert chain(other.company).name == str(other.company.uuid)
    assert chain(None).name == "alliance"


def test_the_database_hashes_as_the_verifier_does(line: Exchange) -> None:
    Exchange.objects.update(flow_name='乙烯 "ä" \\ \n\t\x7f', amount=Decimal("1e-21"))
    for one in AuditChain.objects.all():
        settle()
        one.refresh_from_db()
        told = list(audit_queries.stored_entries(one))
        assert verify(one.name, told, head=Head(one.position, one.head)) == []
        assert [each.position for each in told] == list(range(1, len(told) + 1))


def test_what_is_rolled_back_was_never_said(line: Exchange) -> None:
    before = len(entries(line.company))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Exchange.objects.update(amount=9)
        raise ZeroDivisionError
    assert len(entries(line.company)) == before


def test_memberships_and_their_sites_are_the_companys(company: Company) -> None:
    site = new.site(company)
    person = new.person(company, Role.PLANT_PROVIDER, sites=(site,))
    told = entries(company, subject__startswith="accounts_membership")
    assert [one.subject for one in told] == ["accounts_membership", "accounts_membership_sites"]
    assert person.uuid in told[0].about and site.uuid in told[1].about
    Membership.objects.all().delete()
    assert {one.action for one in entries(company, subject__startswith="accounts_membership")} == {
        "added",
        "removed",
    }


def test_of_a_person_only_that_something_changed(company: Company) -> None:
    person = new.person(company, Role.OWNER, email="secret.name@example.com")
    person.set_password("another long password")
    person.save()
    User.objects.update(last_login="2026-01-01T00:00Z")
    told = entries(None, subject="accounts_user")
    assert [one.action for one in told] == ["added", "changed"]
    assert told[1].facts["rows"][0] == {
        "id": str(person.uuid),
        "before": {"password": "•"},
        "after": {"password": "•"},
    }
    assert not any("secret.name" in str(one.facts) or "$" in str(one.facts) for one in told)


def test_machine_clients_are_in_the_chain_without_their_secret(company: Company) -> None:
    owner = new.actor(company)
    with acting_as(owner):
        made = add_service_client(company, by=owner, name="ERP")
    (told,) = entries(company, subject="accounts_serviceclient")
    assert told.actor == owner.signature
    assert told.about == [made.client.uuid]
    assert made.client_secret not in str(told.facts)


# -- prices ------------------------------------------------------------------------------------------------
def test_a_price_is_sealed_and_read_by_its_company_alone(line: Exchange) -> None:
    OutputPrice.objects.create(company=line.company, exchange=line, year=2025, price=Decimal("41.50"))
    OutputPrice.objects.update(price=Decimal("42.25"))
    told = entries(line.company, subject="inventory_outputprice")
    assert "41.5" not in str([one.facts for one in told])
    seal = told[0].facts["rows"][0]["after"]["price"]["sealed"]
    assert AuditSeal.objects.get(digest=seal).value == "41.50"
    assert line.uuid in told[0].about
    readers = {
        Role.OWNER: 3, Role.APPROVER: 3, Role.PLANT_PROVIDER: 0, Role.AUDITOR: 0, Role.ERP_CLIENT: 0,
    }  # fmt: skip
    for role, expected in readers.items():
        actor = new.actor(line.company, role)
        assert AuditSeal.objects.visible_to(actor).count() == expected, role
    stranger = new.actor(new.company("stranger"))
    assert not AuditSeal.objects.visible_to(stranger).exists()
    with acting_as(stranger):
        assert not AuditSeal.objects.exists()
    with acting_as(new.actor(line.company, Role.AUDITOR)):
        assert not AuditSeal.objects.exists()
        assert AuditEntry.objects.exists()


# -- nobody else writes it ---------------------------------------------------------------------------------
@pytest.fixture(params=["pcf_app", "pcf_worker"])
def role(request: pytest.FixtureRequest, line: Exchange) -> Iterator[str]:
    settle()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [request.param])
        yield request.param
        cursor.execute("RESET ROLE")


WRITES = [
    "INSERT INTO accounts_auditentry SELECT * FROM accounts_auditentry",
    "UPDATE accounts_auditentry SET action = 'x'",
    "DELETE FROM accounts_auditentry",
    "TRUNCATE accounts_auditentry",
    "UPDATE accounts_auditchain SET position = 0",
    "DELETE FROM accounts_auditchain",
    "DELETE FROM accounts_auditseal",
    "UPDATE accounts_auditseal SET value = '1'",
    "DELETE FROM accounts_auditcheckpoint",
    "UPDATE accounts_auditleaf SET position = 0",
    "INSERT INTO accounts_auditpending DEFAULT VALUES",
    "SELECT * FROM accounts_auditpending",
    "SELECT accounts_audit_append()",
    "ALTER TABLE accounts_auditentry DISABLE TRIGGER ALL",
]


@pytest.mark.parametrize("statement", WRITES)
def test_no_role_of_the_product_writes_it(role: str, statement: str) -> None:
    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_web_forges_no_change_of_a_row(line: Exchange) -> None:
    actor = new.actor(line.company)
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        acting_as(actor),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT accounts_audit_pend(1, 'added', 'x', '{}', '{}')")
    with pytest.raises(DatabaseError, match="triggers alone"), acting_as(actor):
        audit.record(actor, "changed", line)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET action = 'x'",
        "DELETE FROM accounts_auditentry",
        "DELETE FROM accounts_auditseal",
        "UPDATE accounts_auditcheckpoint SET line = ''",
        "DELETE FROM accounts_auditleaf",
        "DELETE FROM accounts_auditchain",
        "UPDATE accounts_auditchain SET head = ''",
        "UPDATE accounts_auditchain SET position = position - 1",
    ],
)
def test_not_even_the_owner_changes_it(line: Exchange, statement: str) -> None:
    settle()
    with pytest.raises(DatabaseError, match="only ever"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["entry", "seal", "checkpoint", "leaf", "chain"])
def test_not_even_the_owner_empties_it(table: str) -> None:
    with pytest.raises(DatabaseError, match="only ever"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE accounts_audit{table} CASCADE")


def test_a_table_that_is_emptied_leaves_a_trace(line: Exchange) -> None:
    settle()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE inventory_outputprice")
    assert [one.subject for one in entries(None, action="emptied")] == ["inventory_outputprice"]


# -- what no row tells -------------------------------------------------------------------------------------
def test_records_go_to_the_chain_they_belong_to(line: Exchange) -> None:
    other = new.company("other")
    person = new.person(line.company, Role.OWNER)
    Membership.objects.create(user=person, company=other, role=Role.APPROVER)
    actor = new.actor_of_user(person)
    with acting_as(actor):
        audit.record(actor, "signed_in", person)
        audit.record(actor, "exported", line, rows=3)
        audit.record(Actor.nobody(), "sign_in_failed", "a\nb" * 100)
    assert [one.subject for one in entries(line.company, action="signed_in")] == ["accounts_user"]
    assert [one.about for one in entries(other, action="signed_in")] == [[person.uuid]]
    (exported,) = entries(line.company, action="exported")
    assert exported.facts == {"rows": 3} or exported.facts["rows"] == 3
    (failed,) = entries(None, action="sign_in_failed")
    assert failed.actor == "nobody" and "\n" not in failed.subject and len(failed.subject) <= 120


@pytest.mark.django_db(transaction=True)
def test_a_commit_appends() -> None:
    site = new.site(new.company("ours"))
    assert AuditChain.objects.get(company=site.company).position == 1
    with transaction.atomic():
        Site.objects.update(province="CN-BJ")
        assert AuditChain.objects.get(company=site.company).position == 1
    assert AuditChain.objects.get(company=site.company).position == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_auditpending")
        assert cursor.fetchone() == (0,)
