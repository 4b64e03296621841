"""The verifier's work: draw the sample, look at its lines, calculate again, raise and close findings."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.engine.bundle import unpack
from footprint.engine.replay import replay
from footprint.verification import queries
from footprint.verification.actions.engagement import LONGEST, carry, require_at_work
from footprint.verification.models import Dossier, Engagement, SampledLine, VerificationFinding
from footprint.verification.notices import tell_answered, tell_found
from footprint.verification.plan import candidates, planned, usual_seed
from footprint.verification.sampling import Reason, risk

LEAST, MOST = 1, 500
Severity, Verdict = VerificationFinding.Severity, SampledLine.Verdict


@transaction.atomic
def draw_sample(
    engagement: Engagement,
    *,
    by: Actor,
    at: datetime,
    size: int | None,
    seed: int | None = None,
    version: int | None = None,
) -> Engagement:
    """Draw the lines to look at; the same size and seed draw the same ones for ever.

    Raises:
        NotAllowed; Refusal: no such size or seed; Stale.
    """
    require_at_work(engagement, by, "accepted")
    if size is None or not LEAST <= size <= MOST:
        message = _("Enter a number of lines from %(least)d to %(most)d.")
        raise Refusal(message % {"least": LEAST, "most": MOST}, field="size", code="bad_size")
    found = _dossier(engagement, by)
    chosen = usual_seed(found) if seed is None else seed
    if not 0 <= chosen < 2**63:
        raise Refusal(_("Enter a whole number from 0 on."), field="seed", code="bad_seed")
    SampledLine.objects.bulk_create(
        SampledLine(
            company_id=engagement.company_id,
            engagement=engagement,
            line=UUID(drawn.key),
            risk=drawn.risk,
            reasons=[reason.value for reason in drawn.reasons],
        )
        for drawn in planned(found, size=size, seed=chosen)
    )
    return carry(engagement, "sample", by=by, at=at, version=version, seed=chosen, sample_size=size)


@transaction.atomic
def add_line(engagement: Engagement, *, by: Actor, line: str) -> SampledLine:
    """A further line that the verifier wants to look at.

    Raises:
        NotAllowed; Refusal: the dossier has no such line, or it is in the sample already.
    """
    require_at_work(engagement, by, "reviewing")
    every = candidates(_dossier(engagement, by))
    chosen = next((each for each in every if each.key == line), None)
    if chosen is None:
        raise Refusal(_("The copy has no such line."), field="line", code="not_found")
    added = SampledLine(
        company_id=engagement.company_id,
        engagement=engagement,
        line=UUID(chosen.key),
        risk=risk(chosen) / sum(map(risk, every)),
        reasons=[Reason.ADDED.value],
    )
    message = _("This line is in the sample already.")
    with checks.refusing({"line_sampled_once": Refusal(message, field="line", code="duplicate")}):
        added.save(force_insert=True)
    return added


@transaction.atomic
def mark_line(
    sampled: SampledLine,
    *,
    by: Actor,
    at: datetime,
    verdict: str,
    evidence: str,
    severity: str = "",
    text: str = "",
) -> SampledLine:
    """Say whether a line agrees with its evidence; if it does not, what was found and how much it weighs.

    Raises:
        NotAllowed; Refusal: without evidence, or a finding without severity or words.
    """
    engagement = sampled.engagement
    require_at_work(engagement, by, "reviewing")
    chosen = checks.choice(verdict, [Verdict.AGREES, Verdict.FINDING], field="verdict")
    seen = checks.text(evidence, field="evidence", longest=LONGEST, required=True)
    SampledLine.objects.filter(pk=sampled.pk).update(verdict=chosen, evidence=seen, marked_at=at)
    if chosen == Verdict.FINDING:
        raise_finding(engagement, by=by, at=at, severity=severity, text=text, sampled=sampled)
    sampled.refresh_from_db()
    return sampled


@transaction.atomic
def run_test(engagement: Engagement, *, by: Actor, at: datetime) -> Engagement:
    """Solve the dossier's bundle again, apart from the platform's figures, and keep what came of it.

    Raises:
        NotAllowed, Refusal.
    """
    require_at_work(engagement, by, "reviewing")
    found = _dossier(engagement, by)
    raw = bytes(found.bundle)
    verdict = replay(raw)
    stated = float(unpack(raw).manifest["figure"]["co2e"]["AR6"])
    signed = float(found.declared["pcf"]["AR6"])
    result = {
        "isSame": verdict.is_same,
        "columns": verdict.columns,
        "sameBits": verdict.same_bits,
        "worst": repr(verdict.worst),
        "elsewhere": list(verdict.elsewhere),
        "faults": list(verdict.faults),
        "recalculated": repr(stated),
        "published": repr(signed),
        "difference": repr(stated / signed - 1 if signed else 0.0),
        "bundleHash": found.bundle_hash,
        "cases": (engagement.test_run or {}).get("cases", []),
    }
    Engagement.objects.filter(pk=engagement.pk).update(test_run=result, tested_at=at)
    engagement.refresh_from_db()
    return engagement


@transaction.atomic
def raise_finding(
    engagement: Engagement,
    *,
    by: Actor,
    at: datetime,
    severity: str,
    text: str,
    sampled: SampledLine | None = None,
) -> VerificationFinding:
    """Hold something against the figure.

    Raises:
        NotAllowed, Refusal.
    """
    require_at_work(engagement, by, "reviewing")
    made = VerificationFinding(
        company_id=engagement.company_id,
        engagement=engagement,
        sampled=sampled,
        severity=checks.choice(severity, Severity.values, field="severity"),
        text=checks.text(text, field="text", longest=LONGEST, required=True),
        raised_at=at,
    )
    made.save(force_insert=True)
    tell_found(engagement, made.text, by=by, at=at)
    return made


@transaction.atomic
def answer_finding(
    finding: VerificationFinding, *, by: Actor, at: datetime, answer: str
) -> VerificationFinding:
    """The company says what it did about it; until it is closed it may say more.

    Raises:
        NotAllowed; Refusal: it is closed, or nothing was said.
    """
    require(by, Permission.ENGAGE_VERIFIER, company_id=finding.company_id)
    said = checks.text(answer, field="answer", longest=LONGEST, required=True)
    open_ones = VerificationFinding.objects.filter(pk=finding.pk, closed_at__isnull=True)
    if not open_ones.update(answer=said, answered_by_id=by.user_id, answered_at=at):
        raise Refusal(_("This finding is closed."), code="finding_closed")
    finding.refresh_from_db()
    tell_answered(finding.engagement, by=by, at=at)
    tell_found(finding.engagement, said, by=by, at=at)
    return finding


@transaction.atomic
def close_finding(finding: VerificationFinding, *, by: Actor, at: datetime) -> VerificationFinding:
    """The verifier is content with the answer.

    Raises:
        NotAllowed; Refusal: nobody answered.
    """
    require_at_work(finding.engagement, by, "reviewing", "reported")
    answered = VerificationFinding.objects.filter(pk=finding.pk, closed_at__isnull=True).exclude(answer="")
    if not answered.update(closed_at=at):
        raise Refusal(_("The company has to answer it first."), code="not_answered")
    finding.refresh_from_db()
    return finding


def _dossier(engagement: Engagement, by: Actor) -> Dossier:
    found = queries.dossier(by, engagement)
    if found is None:
        raise NotAllowed(_("The dossier is not open to you."))
    return found
