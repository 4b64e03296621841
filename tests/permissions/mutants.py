"""Guards taken away one at a time; somebody has to notice each.

A guard is a policy or a key of the database, a queryset's restriction, a permission of a role, a check in an
action or a page, or the gate in front of an address. A mutant knows how it is made and who ought to see it.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import import_module
from itertools import chain
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.db import connection, models, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import authentication, policy, roles, visibility
from accounts.actor import Actor, Holding
from accounts.errors import NotAllowed
from accounts.models import Invitation, Membership, ServiceClient, Site
from accounts.policy import Allowed
from accounts.roles import ROLES, Permission, Role
from footprint.analysis.models import Practice, Scenario
from footprint.calculation.models import Footprint
from footprint.exchange.actions import Target
from footprint.exchange.models import UpsertJob, WorkbookUpload
from footprint.inventory.models import EvidenceFile, Exchange, Inventory, Product, RemovedLine, UnitProcess
from footprint.partners.models import Connection, Delivery, PartnerEvent, PartnerSecret, Webhook
from footprint.publication.models import Publication
from footprint.rules.document.lifecycle import RULE
from footprint.verification.models import VerificationFinding
from tests.house.test_gates import _braced
from tests.house.test_tables import OF_CALLERS
from tests.house.tree import files, text
from tests.permissions import locks
from tests.permissions.asking import fault
from tests.permissions.policy import Answer, Cell, cells
from tests.permissions.world import AT_THE_OFFICE, IN_A_COMPANY, World

Seen = Callable[[World], Iterator[str]]
WITHOUT_CELL = frozenset(
    {
        Permission.ADOPT_FACTOR, Permission.PROPOSE_RULE, Permission.STEER_RULE, Permission.COMMENT_RULE,
        Permission.REVIEW_RULE, Permission.VOTE_RULE, Permission.APPROVE_BENCHMARK,
        Permission.PROPOSE_FACTOR, Permission.REVIEW_FACTOR, Permission.REVIEW_PRACTICE,
    }
)  # fmt: skip
"""Asked for by a command alone so far, or by addresses that tests/footprint/rules/test_making.py,
tests/footprint/benchmark/test_pages.py and tests/factors ask."""
PAST = frozenset(
    {Permission.CHECK_SUBMISSION, Permission.STEER_RULE, Permission.REVIEW_RULE, Permission.REVIEW_PRACTICE}
)
"""The things of the world are past it, or not there yet: tests/footprint/inventory/test_submission.py,
tests/footprint/rules/test_any_history.py and tests/footprint/analysis/test_practices.py ask for it."""
BY_A_FILE = {Role.ERP_CLIENT: frozenset({Permission.IMPORT_INVENTORY})}
"""A machine hands in packages over REST alone: tests/footprint/exchange/test_import_rest.py asks for it."""
ASKED_ELSEWHERE = frozenset(
    {
        "factors.pages.importing",
        "factors.pages.proposal",
        "factors.pages.sources",
        "footprint.exchange.pages.factor_proposals",
        "footprint.sharing.pages.figure",
        "footprint.verification.pages.engagement",
        "footprint.verification.pages.own_data",
    }
)
"""Pages whose addresses docs/permissions.yaml leaves to tests of their own."""
ASKED_TWICE = frozenset(
    {
        "accounts.pages.company",
        "footprint.calculation.pages.amount",
        "footprint.calculation.pages.checklist",
        "footprint.calculation.pages.evidence",
        "footprint.calculation.pages.prefill",
        "footprint.partners.pages.delivery",
        "footprint.partners.pages.event",
    }
)
"""Pages that say who may not before they read what was sent; their actions would say the same."""
SEEN_WITH = frozenset({"verification_verificationstatement"})
"""Whoever sees the publication sees these rows, so for reading nobody needs the table's own policies."""
TO_OTHERS = ("opened_rows", "reviewed_rows")
WRITTEN_DOWN = ("analysis_practice", "analysis_practiceevidence")
"""Not handed in: tests/footprint/analysis/test_practices.py does that."""
CHECKS = ("require", "gate", "admit", "gate_inventory", "_gate", "_as_company")


@dataclass(frozen=True)
class Mutant:
    """A guard that is gone, and those who ought to see it."""

    name: str
    made: Callable[[], AbstractContextManager[None]]
    seen: Seen

    def is_caught(self, world: World) -> bool:
        """Whether anybody sees it; afterwards everything is as before."""
        with self.made():
            return any(self.seen(world))


def of_policies() -> Iterator[Mutant]:
    """Each policy for web and worker dropped, and opened to every row; each table without the second lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename::text, policyname::text, roles::text[], cmd FROM pg_policies ORDER BY 1, 2"
        )
        policies = cursor.fetchall()
    for table, name, whose, command in policies:
        # tests/accounts asks the audit log's own functions, tests/api/test_idempotency.py callers' replies,
        # tests/footprint/inventory/test_submission.py what reviewers add and change
        if "pcf_owner" in whose or table in OF_CALLERS or command in ("INSERT", "UPDATE"):
            continue
        if (table in SEEN_WITH and command == "ALL") or (table in WRITTEN_DOWN and name in TO_OTHERS):
            continue
        yield _sql(f"{table}: no {name}", f"DROP POLICY {name} ON {table}", table)
        if "pcf_app" in whose:
            check = "" if command == "SELECT" else " WITH CHECK (true)"
            yield _sql(
                f"{table}: {name} for all rows", f"ALTER POLICY {name} ON {table} USING (true){check}", table
            )
    for table in sorted({row[0] for row in policies} - OF_CALLERS):
        yield _sql(f"{table}: no second lock", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", table)


def _sql(name: str, order: str, table: str) -> Mutant:
    return Mutant(name, lambda: changed(order), lambda world: locks.faults_of_the_database(world, only=table))


def of_keys() -> Iterator[Mutant]:
    """Each composite key."""
    for name, table, _target, column in locks.composite_keys():
        order = f"ALTER TABLE {table} DROP CONSTRAINT {name}"

        def seen(world: World, table: str = table) -> Iterator[str]:
            return locks.faults_of_keys(world, only=table)

        yield Mutant(f"{table}.{column}: no composite key", lambda order=order: changed(order), seen)


@contextmanager
def changed(order: str) -> Iterator[None]:
    """The database after an order, until it is taken back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end would forbid the order
        cursor.execute(order)
        yield
        transaction.set_rollback(True)


def of_querysets() -> Iterator[Mutant]:
    """Each restriction of the first lock, showing everything."""
    base = visibility.TenantQuerySet
    for kind in (base, *locks._below(base)):
        if "visibility" in vars(kind):
            name = f"{kind.__module__}.{kind.__name__}"
            everything = patch.object(kind, "visibility", lambda _rows, _actor: models.Q())
            seen = partial(locks.faults_of_the_application, first=kind)
            yield Mutant(f"{name}: shows everything", _patched(everything), seen)


def of_permissions(askers: dict[str, Any]) -> Iterator[Mutant]:
    """Each permission given to everybody, and each taken from a role that has it."""
    every = cells(askers)
    for permission in used() - PAST:
        allowing = patch.object(policy, "can", _lax(policy.can, permission))
        yield Mutant(
            f"{permission}: everybody's",
            _everywhere(allowing, "can"),
            lambda world: chain(unrefused(world), _faults(denials(every))(world)),
        )
    for role, meaning in ROLES.items():
        for permission in meaning.permissions & used() - WITHOUT_CELL - BY_A_FILE.get(role, frozenset()):
            fewer = replace(meaning, permissions=meaning.permissions - {permission})
            taken = patch.dict(roles.ROLES, {role: fewer})
            name = {value: key for key, value in IN_A_COMPANY.items()}.get(role, "erp")
            whose = f"alliance.{role}" if role in AT_THE_OFFICE and role != Role.AUDITOR else f"own.{name}"
            whose = "body.verifier" if permission is Permission.VERIFY else whose
            done = [cell for cell in every if cell.asker == whose and cell.expected is Answer.DONE]
            done = [cell for cell in done if cell.method != "GET"]
            yield Mutant(f"{role} without {permission}", _patched(taken), _faults(done))


def _lax(can: Callable[..., Any], permission: Permission) -> Callable[..., Any]:
    def answer(actor: Any, asked: Permission, **where: Any) -> Any:
        return Allowed() if asked is permission and actor.is_known else can(actor, asked, **where)

    return answer


def denials(asked: list[Cell]) -> list[Cell]:
    """One reader who may not, for each thing that can be done; machines see the checks of actions alone."""
    chosen = {
        (cell.route, cell.what): cell
        for cell in asked
        if cell.expected is Answer.DENIED and cell.asker != "own.erp_reader"
    }
    return list(chosen.values())


def _faults(asked: list[Cell]) -> Seen:
    """The cells that are answered otherwise, one after the other: the first is enough."""
    return lambda world: (found for cell in asked if (found := fault(world, cell)))


def used() -> frozenset[Permission]:
    """The permissions that some action asks for."""
    return frozenset(
        Permission[node.attr]
        for path in files(".py")
        if "actions" in path.parts
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Permission"
    )


def of_checks(askers: dict[str, Any]) -> Iterator[Mutant]:
    """Every check of every action and page module, passing always."""
    asked = denials(cells(askers))
    for path in files(".py"):
        if path.parts[0] in ("accounts", "factors", "footprint") and {"actions", "pages"} & set(path.parts):
            module = import_module(".".join(path.with_suffix("").parts))
            if module.__name__ in ASKED_ELSEWHERE | ASKED_TWICE:
                continue
            for name in sorted(_called(ast.parse(text(path))) & set(CHECKS)):
                passing = patch.object(module, name, lambda *_a, **_k: None)
                own = {route for route, page in gated() if page.callback.__module__ == module.__name__}
                likely = sorted(asked, key=lambda cell: cell.route not in own)
                in_actions = "actions" in path.parts
                seen = partial(unrefused, modules=(module,)) if in_actions else _faults(likely)
                yield Mutant(f"{module.__name__}: no {name}", _patched(passing), seen)


def unrefused(world: World, *, modules: tuple[ModuleType, ...] = ()) -> Iterator[str]:
    """Actions, called past every door by somebody who may not, that do not say so before all else."""
    product = Product.objects.get(uuid=world.opened["product"])
    client = ServiceClient.objects.get(uuid=world.opened["client"])
    member = Membership.objects.get(pk=world.opened["membership_id"])
    finding = VerificationFinding.objects.get(uuid=world.opened["finding"])
    given = {
        "company": world.company,
        "site": Site.objects.get(uuid=world.opened["site"]),
        "inventory": Inventory.objects.get(uuid=world.opened["inventory"]),
        "process": UnitProcess.objects.get(uuid=world.opened["process"]),
        "exchange": Exchange.objects.get(uuid=world.opened["exchange"]),
        "line": Exchange.objects.get(uuid=world.opened["exchange"]),
        "file": EvidenceFile.objects.get(uuid=world.opened["evidence"]),
        "publication": Publication.objects.get(uuid=world.opened["publication"]),
        "finding": finding,
        "engagement": finding.engagement,
        "prepared_by": "person:somebody else",
        "scenario": Scenario.objects.get(uuid=world.opened["scenario"]),
        "practice": Practice.objects.get(uuid=world.opened["practice"]),
        "removed": RemovedLine.objects.get(uuid=world.opened["removed"]),
        "product": product,
        "footprint": Footprint.objects.get(uuid=world.opened["footprint"]),
        "upload": WorkbookUpload.objects.get(uuid=world.opened["upload"]),
        "grant": product.grants.get(recipient=world.recipient),
        "client": client,
        "secret": client.secrets.get(),
        "connection": Connection.objects.get(uuid=world.opened["connection"]),
        "partner_secret": PartnerSecret.objects.get(uuid=world.opened["partner_secret"]),
        "event": PartnerEvent.objects.get(uuid=world.opened["event"]),
        "webhook": Webhook.objects.get(uuid=world.opened["webhook"]),
        "source": SimpleNamespace(company=world.company),
        "job": UpsertJob.objects.get(uuid=world.opened["upsert"]),
        "delivery": Delivery.objects.get(uuid=world.opened["delivery"]),
        "membership": member,
        "person": member.user,
        "invitation": Invitation.objects.filter(company=world.company).earliest("pk"),
        "by": Actor(name="auditor", user_id=0, holdings=(Holding(world.company.pk, Role.AUDITOR),)),
    }
    given["target"] = Target("activities", world.company, given["inventory"])  # as an upsert names them
    moves = {move.permission: move.name for move in RULE.moves}  # one for each permission
    for name, action in checked(modules or action_modules()):
        if not all(_refuses(action, given | {"name": move}) for move in moves.values()):
            yield name


def checked(modules: Iterable[ModuleType]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The functions of these modules that call a check before they act."""
    for module in modules:
        for name in _checking(module):
            yield f"{module.__name__}.{name}", getattr(module, name)


@cache
def _checking(module: ModuleType) -> list[str]:
    """Their names: mutants change what a module does, not what is written in it."""
    return [
        node.name
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _called(node) & set(CHECKS)
    ]


def action_modules() -> tuple[ModuleType, ...]:
    """Where the actions of every room are."""
    named = [path for path in files(".py") if "actions" in path.parts and path.parts[0] != "tests"]
    return tuple(
        import_module(".".join(path.with_suffix("").parts)) for path in named if path.stem != "__init__"
    )


def _refuses(action: Callable[..., Any], given: dict[str, Any]) -> bool:
    asked = inspect.signature(action).parameters.values()
    words = {
        each.name: given.get(each.name) for each in asked if each.kind is not inspect.Parameter.VAR_KEYWORD
    }
    try:
        with transaction.atomic():
            action(**words)
            transaction.set_rollback(True)
    except NotAllowed:
        return True
    except Exception:  # it went on, and stumbled over what it was not given
        return False
    return False


def _called(module: ast.AST) -> set[str]:
    return {
        node.func.id
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def of_gates(askers: dict[str, Any]) -> Iterator[Mutant]:
    """Each address of pages without the gate that sends to the login, and the two gates of the interface."""
    by_route = {
        cell.route: cell for cell in cells(askers) if cell.expected is Answer.LOGIN and not _is_rest(cell)
    }
    first = dict(reversed(list(gated())))  # of two patterns for one address the first one serves
    for route, pattern in first.items():
        if route in by_route:
            bare = patch.object(pattern, "callback", pattern.callback.__wrapped__)
            yield Mutant(f"/{route}: no gate", _patched(bare), _faults([by_route[route]]))
    rest = [cell for cell in cells(askers) if _is_rest(cell)]
    nobody = [cell for cell in rest if cell.expected is Answer.LOGIN]
    readers = [cell for cell in rest if cell.asker == "own.erp_reader" and cell.expected is Answer.DENIED]
    known = patch.object(authentication.IsKnown, "has_permission", lambda *_: True)
    writes = patch.object(authentication, "_may_write", lambda _token: True)
    yield Mutant("the interface: nobody is asked who they are", _patched(known), _faults(nobody))
    yield Mutant("the interface: tokens for reading write", _patched(writes), _faults(readers))


def _is_rest(cell: Cell) -> bool:
    return cell.route.startswith("api/")


def gated(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """The patterns whose view stands behind a decorator, with their address."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + _braced(each)
        if isinstance(each, URLResolver):
            yield from gated(each, route)
        elif hasattr(each.callback, "__wrapped__") and not hasattr(each.callback, "cls"):
            yield route, each


def _patched(*patches: Any) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def made() -> Iterator[None]:
        with ExitStack() as stack:
            for each in patches:
                stack.enter_context(each)
            yield

    return made


def _everywhere(first: Any, name: str) -> Callable[[], AbstractContextManager[None]]:
    """A function of the policy, also where modules took it by name."""

    @contextmanager
    def made() -> Iterator[None]:
        original = getattr(policy, name)
        with ExitStack() as stack:
            stack.enter_context(first)
            instead = getattr(policy, name)
            for path in files(".py"):
                if path.parts[0] in ("accounts", "factors", "footprint", "alliance"):
                    module = sys.modules.get(".".join(path.with_suffix("").parts))
                    if module is not None and vars(module).get(name) is original:
                        stack.enter_context(patch.object(module, name, instead))
            yield

    return made
