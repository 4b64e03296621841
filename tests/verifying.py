"""A verification body, the verifier who was asked, and what they do with a publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company, Membership, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.publication.models import Publication
from footprint.verification import queries
from footprint.verification.actions import (
    accept,
    answer_finding,
    close_finding,
    draw_sample,
    engage,
    mark_line,
    move_engagement,
    raise_finding,
    record_statement,
    run_test,
)
from footprint.verification.models import Engagement, VerificationFinding, VerificationStatement
from tests import builders as new
from tests.reviewing import Plant, carried, plant, published

DECLARED = "I have no interest in this company's group."


@dataclass
class Scene:
    """Who is there, and what they work on."""

    plant: Plant
    publication: Publication
    body: Company
    person: User

    @property
    def owner(self) -> Actor:
        return self.plant.owner

    @property
    def verifier(self) -> Actor:
        return actor_of_user(self.person)

    def engaged(self, **more: Any) -> Engagement:
        given = {
            "verifier": str(self.person.uuid),
            "access_until": timezone.localdate() + timedelta(days=30),
            "level": "limited",
            "standard": "ISO 14064-3:2019",
            **more,
        }
        with acting_as(self.owner):
            return engage(self.publication, by=self.owner, at=timezone.now(), **given)

    def accepted(self, engagement: Engagement | None = None) -> Engagement:
        engagement = engagement or self.engaged()
        with acting_as(self.verifier):
            return accept(engagement, by=self.verifier, at=timezone.now(), declaration=DECLARED)

    def sampled(self, engagement: Engagement | None = None, size: int = 3) -> Engagement:
        engagement = engagement or self.accepted()
        with acting_as(self.verifier):
            return draw_sample(engagement, by=self.verifier, at=timezone.now(), size=size)

    def looked_at(self, engagement: Engagement, *, finding: bool = False) -> Engagement:
        with acting_as(self.verifier):
            for place, line in enumerate(queries.sample(self.verifier, engagement)):
                is_found = finding and not place
                mark_line(
                    line,
                    by=self.verifier,
                    at=timezone.now(),
                    verdict="finding" if is_found else "agrees",
                    evidence="the invoice",
                    severity="material" if is_found else "",
                    text="The meter was not calibrated." if is_found else "",
                )
            run_test(engagement, by=self.verifier, at=timezone.now())
        return self.moved(engagement, "report")

    def moved(self, engagement: Engagement, move: str, by: Actor | None = None, **more: Any) -> Engagement:
        by = by or (self.owner if move == "cancel" else self.verifier)
        with acting_as(by):
            return move_engagement(engagement, move, by=by, at=timezone.now(), **more)

    def ended(self, engagement: Engagement, end: str) -> None:
        """The verifier's access is over: by time, with the role, or because the engagement was cancelled."""
        if end == "time":
            with connection.cursor() as cursor:  # for both locks the same day, and later than the last one
                cursor.execute(
                    "CREATE OR REPLACE FUNCTION accounts_today() RETURNS date LANGUAGE sql STABLE AS"
                    " $$ SELECT statement_timestamp()::date + 40 $$"
                )
        elif end == "role":
            yesterday = timezone.localdate() - timedelta(days=1)
            Membership.objects.filter(user=self.person).update(valid_to=yesterday)
        else:
            self.moved(engagement, "cancel", reason="no longer")

    def found(
        self, engagement: Engagement, text: str = "The meter was not calibrated."
    ) -> VerificationFinding:
        """A finding that was answered."""
        by, at = self.verifier, timezone.now()
        with acting_as(by):
            made = raise_finding(engagement, by=by, at=at, severity="minor", text=text)
        with acting_as(self.owner):
            return answer_finding(made, by=self.owner, at=at, answer="It is now.")

    def settled(self, engagement: Engagement) -> None:
        """Every finding answered and closed."""
        for found in queries.findings(Actor.worker(), engagement):
            with acting_as(self.owner):
                answer_finding(found, by=self.owner, at=timezone.now(), answer="It is now.")
            with acting_as(self.verifier):
                close_finding(found, by=self.verifier, at=timezone.now())

    def stated(self, engagement: Engagement, **more: Any) -> VerificationStatement:
        given = {"outcome": "unmodified", "text": "Nothing came to our attention.", **more}
        with acting_as(self.verifier):
            return record_statement(engagement, by=self.verifier, at=timezone.now(), **given)

    def through(self, **more: Any) -> VerificationStatement:
        """The ordinary way."""
        return self.stated(self.looked_at(self.sampled()), **more)


def scene(visibility: str = "public") -> Scene:
    made = plant()
    carried(made)
    publication = published(made, visibility)
    body = new.company(kind=Company.Kind.VERIFIER)
    return Scene(made, publication, body, new.person(body, Role.VERIFIER))
