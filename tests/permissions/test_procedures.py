"""Over REST, a move that does not lead on from a state is refused there, whoever may make it elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.test import override_settings

from accounts.models import Company, User
from accounts.review import Move, Procedure
from accounts.roles import Role
from factors.procedure import procedure_of
from footprint.analysis.procedure import PRACTICE
from footprint.partners.procedure import CONNECTION_REQUEST
from footprint.sharing.procedure import REQUEST, SUPPLIER
from footprint.verification.procedure import OWNER, VERIFICATION
from tests import builders as new
from tests.permissions.asker import signed_in
from tests.permissions.asking import _watched
from tests.permissions.world import SIGNING_KEY
from tests.sharing import deal
from tests.verifying import scene

pytestmark = pytest.mark.django_db
Body = tuple[str, dict[str, Any]]
"""Where a move is made, below the thing, and what it needs more than a reason."""
VERIFYING: dict[str, Body] = {
    "accept": ("moves/", {"declaration": "none"}),
    "sample": ("moves/", {"size": 3}),
    "state": ("moves/", {"text": "x", "outcome": "unmodified"}),
}
JUDGING: dict[str, Body] = {
    "accept": ("judgement/", {"usability": 1}),
    "reserve": ("judgement/", {"usability": 1, "reason": "x"}),
    "dispute": ("judgement/", {"code": "allocation", "line": "whole", "reason": "x"}),
}


@dataclass
class Kind:
    """A thing that moves, and who moves it."""

    procedure: Procedure
    path: str
    row: Model
    who: Callable[[Move], User]
    bodies: dict[str, Body] = field(default_factory=dict)
    unseen: str = ""
    """The state in which the thing is none of the alliance's business."""
    needs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What else the row must say in a state."""

    def request_of(self, move: Move) -> Body:
        """The address below the thing and the body."""
        action, body = self.bodies.get(move.name, ("moves/", {"reason": "x"}))
        named = {"moves/": "move", "judgement/": "judgement"}.get(action)
        return action, {**body, named: move.name} if named else body


@pytest.fixture(scope="module")
def kinds(kept_rows: None) -> Iterator[dict[str, Kind]]:
    with override_settings(PUBLICATION_SIGNING_KEY=SIGNING_KEY):
        call_command("load_rules", verbosity=0)
        yield _kinds()


def _kinds() -> dict[str, Kind]:
    there, given = scene(), deal()
    owner, steward = (there.plant.people[name] for name in ("owner", "steward"))
    seller, buyer = given.supplier.people["owner"], given.person
    curator = new.person(new.company(kind=Company.Kind.ASSOCIATION), Role.CURATOR)
    version = new.factor_version("0.5")
    proposal = new.factor_proposal(there.plant.company, version)
    type(proposal).objects.filter(pk=proposal.pk).update(proposed_by=owner)
    pinned = {"mode": "pinned", "publication": str(given.publication.uuid)}
    return {
        "verification": Kind(
            VERIFICATION, "verifications", there.through().engagement,
            lambda move: owner if move.permission is OWNER else there.person,
            VERIFYING, unseen="cancelled",
        ),
        "request": Kind(
            REQUEST, "sharing-requests", given.judged(given.shared()),
            lambda move: seller if move.held_at == SUPPLIER else buyer,
            {**JUDGING, "share": ("share/", pinned)},
        ),
        "practice": Kind(
            PRACTICE, "practices", new.practice(there.plant.company),
            lambda move: steward if move.at_alliance else owner, unseen="draft",
        ),
        "proposal": Kind(
            procedure_of(is_correction=False), "factor-proposals", proposal,
            lambda move: curator if move.at_alliance else owner,
            needs={"published": {"published_id": version.pk}},
        ),
        "connection": Kind(
            CONNECTION_REQUEST, "connection-requests", new.asked_in(there.plant.company), lambda move: owner
        ),
    }  # fmt: skip


def put(row: Model, **values: Any) -> None:
    """Into a state, whatever led there: past the guard of the database, which has tests of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        type(row)._default_manager.filter(pk=row.pk).update(**values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def outcome(kind: Kind, move: Move) -> str:
    """Refused for the state, hidden, or let on to what else is asked of the move; taken back afterwards."""
    client, (action, body) = signed_in(kind.who(move)), kind.request_of(move)
    thing = f"/api/v1/{kind.path}/{kind.row.uuid}/"  # type: ignore[attr-defined]
    with transaction.atomic(), _watched() as written:
        tag = client.get(thing).headers.get("ETag", '"1"')
        written.clear()
        answer = client.post(
            thing + action, json.dumps(body), content_type="application/json", headers={"If-Match": tag}
        )
        transaction.set_rollback(True)
    said = answer.content.decode()
    assert answer.status_code in (200, 404, 409, 422), f"{move.name}: {answer.status_code} {said}"
    if answer.status_code == 404:
        return "hidden"
    if answer.status_code == 422 and "not_from_here" in said:
        return "refused" if not written else "refused, yet written"
    return "let on"


NAMES = {
    "verification": VERIFICATION, "request": REQUEST, "practice": PRACTICE,
    "proposal": procedure_of(is_correction=False), "connection": CONNECTION_REQUEST,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "state"), [(name, state) for name, procedure in NAMES.items() for state in procedure.states]
)
def test_moves(kinds: dict[str, Kind], name: str, state: str) -> None:
    kind = kinds[name]
    put(kind.row, state=state, **kind.needs.get(state, {}))
    for move in kind.procedure.moves:
        if move.permission is not None:
            hidden = move.at_alliance and state == kind.unseen
            owed = "let on" if state in move.sources else "hidden" if hidden else "refused"
            assert (move.name, outcome(kind, move)) == (move.name, owed)
