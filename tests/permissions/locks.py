"""The two locks, each asked while the other is away, for every table of tenants; faults are returned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from accounts import visibility
from accounts.actor import Actor, Holding
from accounts.models import Company
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.partners.models import Connection
from footprint.sharing.models import SharingRequest
from tests.house.test_tables import CROSSING, TENANT
from tests.permissions.world import World, person_of

TENANT_MODELS = [model for model in apps.get_models() if model._meta.db_table in TENANT]
ALONE = {("inventory_exchange", name) for name in ("process_id", "product_id", "provider_process_id")}
"""References that only the key with the company guards: the one of the id alone said nothing more."""
OPENED = {
    "inventory_product", "inventory_productgrant", "calculation_footprint",
    "publication_publication", "publication_publicationrecipient", "verification_verificationstatement",
}  # fmt: skip
"""What a grant opens rows of, and a publication that names the partner."""
OF_A_SYSTEM = {
    "partners_connection", "partners_footprintgrant", "partners_offeredfootprint", "partners_partnerevent",
    "partners_receipt",
}  # fmt: skip
"""What a partner's own system reads: its connection, what was granted to it, and what went over the wire."""
MIGRATES = "pcf_owner"


def owner_of(company: Company) -> Actor:
    """Its data owner, without a row of their own."""
    return Actor(name="owner", user_id=0, holdings=(Holding(company.pk, Role.OWNER),))


def _reviewer() -> Actor:
    """Somebody at the alliance's office; for them both locks have to agree."""
    office = Company.objects.get(code="office")
    return Actor(name="steward", user_id=0, holdings=(Holding(office.pk, Role.STEWARD),))


def _verifier(world: World) -> Actor:
    """Somebody of a verification body, at work on a publication of the company."""
    return actor_of_user(person_of(world.askers["body.verifier"]))


def _supplier(world: World) -> Actor:
    """The data owner of the company that this one asked for a footprint."""
    return owner_of(SharingRequest.objects.get(uuid=world.opened["sharing"]).supplier)


def rows(model: type[models.Model]) -> Any:
    return model._default_manager


def _system(world: World) -> Actor:
    """A partner's system, by its credentials."""
    return Actor(name="system", partner_id=Connection.objects.get(uuid=world.opened["connection"]).pk)


def faults_of_the_database(world: World, *, only: str = "") -> Iterator[str]:
    """With all filters of the application left out: what each role of the database still shows."""
    stranger, maker, partner = (
        owner_of(each) for each in (world.others["foreign"], world.company, world.others["partner"])
    )
    former, reviewer = owner_of(world.others["former_partner"]), _reviewer()
    system, verifier, supplier = _system(world), _verifier(world), _supplier(world)
    for model in TENANT_MODELS:
        table, theirs = model._meta.db_table, rows(model).filter(company=world.company)
        if only and table != only:
            continue
        all_of_it = theirs.count()
        assert all_of_it, f"{table} has no rows to ask for"
        for who, actor, most in (
            ("a stranger", stranger, 0),
            ("a former partner", former, 0),
            ("its own company", maker, all_of_it),
            ("a partner", partner, int(table in OPENED)),
            ("a reviewer", reviewer, None),
            ("a verifier", verifier, None),
            ("a supplier", supplier, None),
            ("a partner's system", system, int(table in OF_A_SYSTEM)),
            ("the worker", Actor.worker(), all_of_it),
        ):
            most = theirs.visible_to(actor).count() if most is None else most  # both locks have to agree
            with acting_as(actor):
                seen = theirs.count()
            if seen != most:
                yield f"{table}: {who} sees {seen} rows instead of {most}"
        yield from (f"{table}: a stranger {verb}" for verb in _written_by(stranger, model, world))


def _written_by(stranger: Actor, model: type[models.Model], world: World) -> Iterator[str]:
    """What a stranger's statements get done to rows that the application did not hide."""
    table, own = model._meta.db_table, stranger.company_ids[0]
    for verb, order, values in (
        (
            "changes a row",
            f'UPDATE "{table}" SET company_id = company_id WHERE company_id = %s',
            [world.company.pk],
        ),
        ("removes a row", f'DELETE FROM "{table}" WHERE company_id = %s', [world.company.pk]),
        (
            "plants a row",
            f'UPDATE "{table}" SET company_id = %s WHERE company_id = %s',
            [world.company.pk, own],
        ),
    ):
        try:
            with transaction.atomic():
                with acting_as(stranger), connection.cursor() as cursor:
                    cursor.execute(order, values)
                    changed = cursor.rowcount
                transaction.set_rollback(True)
        except DatabaseError:  # no privilege, or refused by the policy
            continue
        if changed:
            yield verb


def faults_of_the_application(world: World, *, first: type = object) -> Iterator[str]:
    """As the login of the tests, which passes row-level security by: only ``visible_to`` is left.

    Tables whose rows are asked for by querysets of the kind ``first`` are looked at before the others.
    """
    stranger, partner = owner_of(world.others["foreign"]), owner_of(world.others["partner"])
    former, maker = owner_of(world.others["former_partner"]), owner_of(world.company)
    system = _system(world)
    for model in sorted(TENANT_MODELS, key=lambda model: not isinstance(rows(model).all(), first)):
        table, theirs = model._meta.db_table, rows(model).filter(company=world.company)
        for who, actor, most in (
            ("a stranger", stranger, 0),
            ("a former partner", former, int(table == "inventory_productgrant")),
            ("its own company", maker, theirs.count()),
            ("a partner", partner, int(table in OPENED)),
            ("a partner's system", system, int(table in OF_A_SYSTEM)),
        ):
            seen = rows(model).visible_to(actor).filter(company=world.company).count()
            if seen != most:
                yield f"{table}: {who} sees {seen} rows instead of {most}"


KEYS = """
SELECT conname::text, conrelid::regclass::text, confrelid::regclass::text, attname::text
FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[2]
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND cardinality(conkey) = 2
"""


CHECKS = "SELECT conname::text FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass"


def composite_keys() -> list[tuple[str, str, str, str]]:
    """Name, table, target and column of each."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS)
        return [tuple(row) for row in cursor.fetchall() if row[1] in TENANT]


def expected_keys() -> list[tuple[str, str, str]]:
    """Table, target and column of every reference between tables of tenants that its model declares."""
    return [
        (model._meta.db_table, str(field.related_model._meta.db_table), field.column)
        for model in TENANT_MODELS
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.db_table in TENANT
        and (field.db_constraint or (model._meta.db_table, field.column) in ALONE)
        and (model._meta.db_table, field.column) not in CROSSING
    ]


def faults_of_keys(world: World, *, only: str = "") -> Iterator[str]:
    """Each reference within a company, made to point at a row of another one past every policy."""
    names = {(table, column): name for name, table, _target, column in composite_keys()}
    for table, target, column in expected_keys():
        if only in ("", table) and _accepts(names.get((table, column), ""), table, target, column, world):
            yield f"{table}.{column} takes a row of another company"


def _found(cursor: Any, query: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    cursor.execute(query, parameters)
    return list(cursor.fetchall())


def _accepts(key: str, table: str, target: str, column: str, world: World) -> bool:
    ours = [world.company.pk]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits would forbid the next order
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')  # states that are never edited
            for (check,) in _found(cursor, CHECKS, [table]):  # one key of several may have to be empty
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{check}"')
            cursor.execute(f'SELECT id FROM "{target}" WHERE company_id <> %s LIMIT 1', ours)
            (foreign,) = cursor.fetchone()
            # those who hold that row alone would refuse it first
            cursor.execute(f'DELETE FROM "{table}" WHERE company_id <> %s', ours)
            one = f'SELECT min(id) FROM "{table}" WHERE company_id = %s'
            cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE id = ({one})', [foreign, *ours])
            assert cursor.rowcount == 1
            if key:
                cursor.execute(f'SET CONSTRAINTS "{key}" IMMEDIATE')
            transaction.set_rollback(True)
    except IntegrityError as refused:
        if "same_company" not in str(refused):
            raise
        return False
    return True


@contextmanager
def without_the_application() -> Iterator[None]:
    """Every queryset shows everything: what is left is row-level security."""
    narrowing = [visibility.TenantQuerySet, *_below(visibility.TenantQuerySet)]
    undone = [
        patch.object(each, name, lambda rows, *_: rows)
        for each in narrowing
        for name in ("visible_to", "own")
        if name in vars(each)
    ]
    for each in undone:
        each.start()
    try:
        yield
    finally:
        for each in undone:
            each.stop()


def _below(kind: type) -> list[type]:
    return [found for each in kind.__subclasses__() for found in (each, *_below(each))]


@contextmanager
def without_the_database() -> Iterator[None]:
    """Requests run as the role that passes row-level security by: what is left is the application."""
    with patch.object(visibility, "APP_ROLE", MIGRATES):
        yield
