"""Propose a factor or a further version of one, look at proposals, and move them on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Company
from accounts.moving import checked, write_move
from accounts.policy import require, speaks_for
from accounts.roles import Permission
from factors import units
from factors.actions.derive import derivation_faults
from factors.actions.publish_version import publish_version, refusals, refuse_double
from factors.actions.screen import Screened, screened
from factors.codes import code_faults
from factors.content import Fault, VersionContent, faults
from factors.finding_words import sentence
from factors.models import (
    CharacterizationSet,
    Factor,
    FactorProposal,
    FactorVersion,
    GreenhouseGas,
    ProposalReview,
    ProposalStep,
    Source,
)
from factors.notices import tell
from factors.procedure import LEAST_REVIEWS, procedure_of
from factors.screening import Severity

LONGEST_REASON = 2000
NEW = {"code": 120, "name_zh": 200, "name_en": 200, "category": 60, "cas": 20, "cpc": 10, "hs": 12}


@dataclass(frozen=True)
class Target:
    """What a proposal that is handed in again is about: the version it replaces; names of a new factor."""

    replaces: FactorVersion | None = None
    named: Mapping[str, str] = field(default_factory=dict)


def described(stated: Mapping[str, str]) -> Factor:
    """The factor a proposal would bring, not stored.

    Raises:
        Refusals: the code is taken, a name is missing, kind or unit are unknown.
    """
    findings = checks.Findings()
    factor = Factor()
    for name, longest in NEW.items():
        with findings.collecting():
            text = checks.text(stated.get(name, ""), field=name, longest=longest, required=name == "code")
            setattr(factor, name, text.lower() if name == "code" else text)
    with findings.collecting():
        factor.kind = checks.choice(stated.get("kind", ""), Factor.Kind.values, field="kind")
    with findings.collecting():
        try:
            factor.unit = units.canonical(stated.get("unit", ""))
        except units.UnitError as error:
            message = _("“%(value)s” is not a unit of the list.") % {"value": stated.get("unit", "")[:40]}
            raise Refusal(message, field="unit", code="unknown_unit") from error
    for wrong in refusals(code_faults(stated)):
        findings.keep(wrong)
    checks.names(factor, findings)
    factor.name_zh, factor.name_en = factor.name_zh or factor.name_en, factor.name_en or factor.name_zh
    if factor.code and Factor.objects.filter(code=factor.code).exists():
        message = _(
            "There is a factor with this code already. Propose a further version of it, or another code."
        )
        findings.add(message, field="code", code="duplicate_code")
    findings.settle()
    return factor


def check(actor: Actor, factor: Factor, content: VersionContent, *, reason: str, at: datetime) -> Screened:
    """What the screening says, once nothing forbids the proposal.

    Raises:
        Refusals: faults of the content, findings that refuse it, and those that nobody gave a reason for.
        NothingNew: it is published already.
    """
    if factor.company_id is not None:
        message = _("This figure was told to your company alone. Propose a factor that everybody may see.")
        raise Refusal(message, field="code", code="own_factor")
    found = faults(content, factor.unit, _gases(), newest_year=at.year, kind=factor.kind)
    found += derivation_faults(factor, content)
    found += _about_gwp_set(content)
    if not Source.objects.filter(code=content.source).exists():
        unknown = _("This source is not in the source list.")
        raise Refusals([*refusals(found), Refusal(unknown, field="source", code="unknown_source")])
    if found:
        raise Refusals(refusals(found))
    if factor.pk:
        refuse_double(content, factor.versions.values_list("number", "status", "digest"))
    result = screened(actor, factor, content)
    stops = [Severity.REFUSED] if reason.strip() else [Severity.REFUSED, Severity.REASON]
    against = [
        Refusal(sentence(each.code, each.figures), field=each.field, code=each.code)
        for each in result.findings
        if each.severity in stops
    ]
    if against:
        raise Refusals(against)
    return result


@transaction.atomic
def propose(
    factor: Factor,
    *,
    by: Actor,
    company: Company | None,
    content: VersionContent,
    replaces: FactorVersion | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> FactorProposal:
    """Propose a version of a factor, or of a new one that ``described`` made; ``company`` None: the office's.

    Raises:
        NotAllowed: the role does not include it.
        Refusal: it would replace a version of another factor, or one that was superseded.
        Refusals, NothingNew: as ``check`` says.
    """
    require(by, Permission.PROPOSE_FACTOR, company_id=None if company is None else company.pk)
    if company is None:
        require(by, Permission.PUBLISH_FACTOR)
    now = at or timezone.now()
    said = checks.text(reason, field="reason", longest=LONGEST_REASON)
    _about_replaced(factor, replaces)
    result = check(by, factor, content, reason=said, at=now)
    made = FactorProposal.objects.create(
        company=company,
        factor=factor if factor.pk else None,
        **{name: getattr(factor, name) for name in (*NEW, "kind", "unit")},
        replaces=replaces,
        content=content.as_json(),
        findings=kept(result),
        reason=said,
        proposed_by_id=by.user_id,
        proposed_at=now,
        moved_at=now,
    )
    _remember(made, "propose", "", by=by, at=now, reason=said)
    return made


def _about_replaced(factor: Factor, replaces: FactorVersion | None) -> None:
    """Only what still stands, or was withdrawn, can be replaced, by a version of the same factor."""
    if replaces is None:
        return
    if replaces.factor_id != factor.pk or replaces.status == FactorVersion.Status.SUPERSEDED:
        message = _("A proposal replaces a version of its own factor that was not superseded yet.")
        raise Refusal(message, field="replaces", code="cannot_replace")


def kept(result: Screened) -> list[dict[str, Any]]:
    """The findings as a proposal keeps them."""
    return [
        {"code": one.code, "severity": one.severity.value, "figures": dict(one.figures)}
        for one in result.findings
    ]


@transaction.atomic
def review_proposal(
    proposal: FactorProposal, *, by: Actor, verdict: str, comment: str = "", at: datetime | None = None
) -> ProposalReview:
    """Say whether it is fit, once in a round, never about one's own.

    Raises:
        NotAllowed: no reviewer, or the proposer.
        Refusal: it is not under review, was reviewed by this person, or changes are asked for without words.
    """
    require(by, Permission.REVIEW_FACTOR)
    if by.user_id is None or by.user_id in authors(proposal):
        raise NotAllowed(_("Somebody else than the proposer reviews a proposal."))
    if proposal.state != "technical_review":
        raise Refusal(_("This proposal is not under technical review now."), code="state")
    chosen = checks.choice(verdict, ProposalReview.Verdict.values, field="verdict")
    needs_words = chosen == ProposalReview.Verdict.CHANGES
    said = checks.text(comment, field="comment", longest=LONGEST_REASON, required=needs_words)
    once = Refusal(_("You have reviewed this round already."), code="reviewed_before")
    now = at or timezone.now()
    with checks.refusing({"proposal_review_once": once}):
        made = ProposalReview.objects.create(
            proposal=proposal, round=proposal.round, company=_reviewer_of(proposal, by), verdict=chosen,
            comment=said, by_id=by.user_id, at=now,
        )  # fmt: skip
    return made


def _reviewer_of(proposal: FactorProposal, by: Actor) -> Company:
    """For whom the review counts: whoever belongs to the proposer's group, too, is none from another."""
    own = proposal.company.group_id if proposal.company else None
    held = Company.objects.filter(pk__in=[holding.company_id for holding in by.holdings])
    linked = held.filter(group=own).order_by("pk").first() if own else None
    return linked or held.get(pk=speaks_for(by, Permission.REVIEW_FACTOR) or 0)


@transaction.atomic
def comment_on(proposal: FactorProposal, *, by: Actor, text: str, at: datetime | None = None) -> ProposalStep:
    """A comment of anybody who may read it, while it is open.

    Raises:
        NotAllowed, Refusal: not a person, nothing said, or not the time for it.
    """
    if by.user_id is None:
        raise NotAllowed(_("People comment on proposals, not machines."))
    if proposal.state not in ("technical_review", "public_comment"):
        raise Refusal(_("Comments are not open now."), code="state")
    said = checks.text(text, field="text", longest=LONGEST_REASON, required=True)
    return _remember(proposal, "comment", proposal.state, by=by, at=at or timezone.now(), reason=said)


@transaction.atomic
def move_proposal(
    proposal: FactorProposal,
    *,
    by: Actor,
    move: str,
    version: int | None,
    reason: str = "",
    content: VersionContent | None = None,
    target: Target | None = None,
    at: datetime | None = None,
) -> FactorProposal:
    """One move of the procedure; handing in again may bring a mended content, and another target.

    Raises:
        NotAllowed, Refusal, Stale: as ``accounts.moving`` says.
        Refusal: reviews are missing, another move brings a content, or nobody is left who answers for it.
        Refusals: the mended content is refused, or cannot be published.
    """
    said = checks.text(reason, field="reason", longest=LONGEST_REASON)
    now = at or timezone.now()
    deeds = {"propose": authors(proposal)}
    procedure = procedure_of(is_correction=proposal.is_correction)
    chosen = checked(procedure, move, proposal, by=by, deeds=deeds, reason=said)
    changes: dict[str, Any] = {"moved_at": now}
    former = (proposal.content, proposal.target) if move == "hand_in_again" else (None, None)
    if (content or target) is not None and former[0] is None:
        message = _("A proposal is mended when it is handed in again, by no other move.")
        raise Refusal(message, field="content", code="not_mended_now")
    if move == "approve":
        _enough_reviews(proposal)
    elif move == "hand_in_again":
        changes |= _again(proposal, by, content or proposal.stated, target, said, now)
    elif chosen.target == "published":
        changes |= {"published": _publish(proposal, by, now), "decided_by_id": by.user_id}
    before = write_move(proposal, chosen, version=version, **changes)
    _remember(proposal, chosen.name, before, by=by, at=now, reason=said, former=former)
    return proposal


def authors(proposal: FactorProposal) -> set[int]:
    """Whoever handed it in, first or again: what it says is theirs, so none of them decides on it."""
    handed_in = proposal.steps.filter(name__in=("propose", "hand_in_again"))
    found = {proposal.proposed_by_id, *handed_in.values_list("by_id", flat=True)}
    return {each for each in found if each is not None}


def _prepared_by(proposal: FactorProposal) -> str:
    """The signature of who handed in what it says now; empty once the account is gone."""
    last = proposal.steps.filter(name__in=("propose", "hand_in_again")).order_by("pk").last()
    person = last.by if last else proposal.proposed_by
    return person.signature if person else ""


def missing_reviews(proposal: FactorProposal) -> str:
    """What an approval still waits for, in words; empty when nothing."""
    reviews = list(proposal.reviews.filter(round=proposal.round).select_related("company"))
    if any(one.verdict == ProposalReview.Verdict.CHANGES for one in reviews):
        return _("A reviewer asks for changes. Send the proposal back to its proposer.")
    if len(reviews) < LEAST_REVIEWS:
        return _("Two reviewers have to find it fit first; %(count)d did.") % {"count": len(reviews)}
    groups = {one.company.group_id for one in reviews}
    own = proposal.company.group_id if proposal.company else None
    if not groups - {own} or (own is None and len(groups) < 2):
        return _("One of the reviewers has to come from another company group.")
    return ""


def _enough_reviews(proposal: FactorProposal) -> None:
    missing = missing_reviews(proposal)
    if missing:
        raise Refusal(missing, code="reviews_missing")


def _again(
    proposal: FactorProposal, by: Actor, content: VersionContent, target: Target | None, reason: str,
    at: datetime,
) -> dict[str, Any]:  # fmt: skip
    said = reason or proposal.reason
    factor = proposal.factor or _described_anew(proposal, target.named if target else {})
    replaces = target.replaces if target else proposal.replaces
    _about_replaced(factor, replaces)
    result = check(by, factor, content, reason=said, at=at)
    names = {} if factor.pk else {name: getattr(factor, name) for name in NEW}
    return {
        **names,
        "replaces": replaces,
        "round": proposal.round + 1,
        "content": content.as_json(),
        "findings": kept(result),
        "reason": said,
    }


def _described_anew(proposal: FactorProposal, named: Mapping[str, str]) -> Factor:
    """The new factor by its names of now, which nothing else may have taken meanwhile."""
    stated = {**proposal.described, **named}
    if stated == proposal.described and _published_meanwhile(proposal):
        return Factor(**stated)
    return described(stated)


def _publish(proposal: FactorProposal, by: Actor, at: datetime) -> Any:
    factor = proposal.factor or _published_meanwhile(proposal)
    if factor is None:
        taken = Refusal(
            _("There is a factor with this code now. Send the proposal back: it needs another code."),
            code="duplicate_code",
        )
        with checks.refusing({"factors_factor_code_key": taken}):
            factor = Factor.objects.create(**proposal.described)
    return publish_version(
        factor, by=by, content=proposal.stated, prepared_by=_prepared_by(proposal),
        replaces=proposal.replaces, is_jump_checked=True, at=at,
    )  # fmt: skip


def _published_meanwhile(proposal: FactorProposal) -> Factor | None:
    """The factor as the proposal describes it: of several versions of a new one the first brings it."""
    return Factor.objects.filter(company=None, **proposal.described).first()


def _remember(
    proposal: FactorProposal, name: str, before: str, *, by: Actor, at: datetime, reason: str,
    former: tuple[dict[str, Any] | None, dict[str, Any] | None] = (None, None),
) -> ProposalStep:  # fmt: skip
    content, target = former
    made = ProposalStep.objects.create(
        proposal=proposal, name=name, before=before, after=proposal.state, reason=reason,
        former_content=content, former_target=target, by_id=by.user_id, at=at,
    )  # fmt: skip
    tell(proposal, made, by=by, at=at)
    return made


def _about_gwp_set(content: VersionContent) -> Iterator[Fault]:
    if content.gwp_set and not CharacterizationSet.objects.filter(code=content.gwp_set).exists():
        yield Fault("unknown_gwp_set", "gwp_set", {"gwp_set": content.gwp_set[:40]})


def _gases() -> set[str]:
    return set(GreenhouseGas.objects.values_list("code", flat=True))
