"""What stands about a publication on its pages: who stated what, until when, and what makes it due anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.actor import Actor
from accounts.forms import named
from footprint.publication.models import Publication
from footprint.publication.queries import signed_with, standing
from footprint.verification.models import VerificationFinding, VerificationStatement
from footprint.verification.queries import statements
from footprint.verification.words import CLOCKS, TONES

YEARS_OF_STATEMENT = 2
"""CNCA's product carbon footprint certificates hold two years; PACT asks anew after three or a tenth."""


@dataclass(frozen=True)
class Stated:
    """A statement as a page shows it.

    ``clock``: "holds", "revoked", "ended" (its own years), "expired" (the publication's), "drifted".
    """

    statement: VerificationStatement
    content: dict[str, Any]
    is_genuine: bool
    clock: str

    @property
    def words(self) -> str:
        """The clock as a sentence."""
        return str(CLOCKS[self.clock])

    @property
    def tone(self) -> str:
        """Its colour."""
        return TONES.get(self.clock, "wait")

    @property
    def body(self) -> str:
        """The verification body as it was called."""
        body = self.content["body"]
        return named({"name_zh": body["nameZh"], "name_en": body["nameEn"]})

    @property
    def findings(self) -> str:
        """How many there were of each weight."""
        counts = self.content["findings"]
        return " · ".join(
            f"{each.label} {counts.get(each.value, 0)}" for each in VerificationFinding.Severity
        )

    @property
    def url(self) -> str:
        """The signature with what it is over."""
        return reverse("verification:signed", args=[self.statement.uuid])


def stated_of(actor: Actor, publication: Publication, today: date) -> list[Stated]:
    """Every statement about a publication, the latest first."""
    how = standing(actor, publication, today)
    return [
        Stated(
            each, each.content, signed_with(each.jws, each.key_id) == each.content, clock(each, how, today)
        )
        for each in statements(actor, publication)
    ]


def clock(statement: VerificationStatement, how: Any, today: date) -> str:
    """Which clock has run out first, if any."""
    if statement.revoked_at is not None:
        return "revoked"
    if today > statement.valid_until:
        return "ended"
    if how.has_expired:
        return "expired"
    return "drifted" if how.has_drifted else "holds"


def valid_until(stated_on: date) -> date:
    """The last day: two years on; what would be 29 February is 1 March."""
    try:
        return stated_on.replace(year=stated_on.year + YEARS_OF_STATEMENT)
    except ValueError:
        return date(stated_on.year + YEARS_OF_STATEMENT, 3, 1)
