"""A verification body's work on one publication: what was agreed, read, looked at and said."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actor import Actor
from accounts.models import Company, Step, User
from accounts.roles import Permission
from accounts.today import Today
from accounts.visibility import TenantQuerySet
from footprint.publication.models import Publication
from footprint.verification.procedure import OPENED


def engaged(actor: Actor, within: str = "", *, states: tuple[str, ...] = ()) -> Q:
    """Engagements of the verifier themselves, while their role and the access last; ``within`` is the way."""
    path = f"{within}__" if within else ""
    found = Q(
        **{
            f"{path}verifier_id": actor.user_id or 0,
            f"{path}body_id__in": actor.companies_with(Permission.VERIFY),
            f"{path}access_until__gte": Today(),
        }
    )
    if states:
        return found & Q(**{f"{path}state__in": states})
    return found & ~Q(**{f"{path}state": "cancelled"})


class EngagementQuerySet(TenantQuerySet["Engagement"]):
    """One's own company's, and those one was asked to verify."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return Q(company_id__in=actor.company_ids) | engaged(actor)


class Engagement(models.Model):
    """A company asks one person of a verification body to verify one publication, until a day.

    ``declaration``: what the verifier declared about their independence. ``seed`` and ``sample_size``: from
    which the sample is drawn again. ``test_run``: what a replay of the dossier's bundle came to.
    """

    class State(models.TextChoices):
        """Where it stands."""

        REQUESTED = "requested", _("Requested")
        ACCEPTED = "accepted", _("Accepted, independence declared")
        REVIEWING = "reviewing", _("At work")
        REPORTED = "reported", _("Findings reported")
        STATED = "stated", _("Statement recorded")
        REVOKED = "revoked", _("Statement revoked")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")

    class Level(models.TextChoices):
        """How sure the verifier is to be (ISO 14064-3)."""

        LIMITED = "limited", _("Limited assurance")
        REASONABLE = "reasonable", _("Reasonable assurance")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="engagements")
    body = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    verifier = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    name_zh = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    period_start = models.DateField()
    period_end = models.DateField()
    level = models.CharField(max_length=12, choices=Level.choices)
    standard = models.CharField(max_length=120)
    scope = models.TextField(blank=True)
    access_until = models.DateField()
    declaration = models.TextField(blank=True, default="")
    declared_at = models.DateTimeField(null=True)
    seed = models.BigIntegerField(null=True)
    sample_size = models.PositiveSmallIntegerField(null=True)
    test_run = models.JSONField(null=True)
    tested_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.REQUESTED)
    requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager.from_queryset(EngagementQuerySet)()

    class Meta:
        verbose_name = _("verification engagement")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="engagement_company_id"),
            models.UniqueConstraint(
                fields=["publication"],
                condition=Q(state__in=["requested", "accepted", "reviewing", "reported"]),
                name="engagement_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(company=models.F("body")), name="engagement_body_is_another_company"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "declined", "cancelled"])
                | (~Q(declaration="") & Q(declared_at__isnull=False)),
                name="engagement_work_begins_with_a_declaration",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-created_at"], name="engagement_by_time"),
            models.Index(fields=["verifier"], name="engagement_of_verifier"),
        ]

    def __str__(self) -> str:
        return f"{self.name_en} {self.period_end.year}"


def parts(actor: Actor) -> Q:
    """Parts of an engagement: its company's, and its verifier's once they declared independence."""
    return Q(company_id__in=actor.company_ids) | engaged(actor, "engagement", states=OPENED)


class DossierQuerySet(TenantQuerySet["Dossier"]):
    """As every part."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return parts(actor)


class SampledLineQuerySet(TenantQuerySet["SampledLine"]):
    """As every part."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return parts(actor)


class FindingQuerySet(TenantQuerySet["VerificationFinding"]):
    """As every part."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return parts(actor)


class Dossier(models.Model):
    """What the verifier reads: copies, made when they were asked; open once independence is declared.

    ``declared`` is what was published, ``content`` the frozen copy that was accepted, ``shares`` how much of
    the figure each of its lines carries, ``changes`` how far each moved since the acceptance before.
    ``bundle`` solves to the figure.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    engagement = models.OneToOneField(Engagement, on_delete=models.CASCADE, related_name="dossier")
    declared = models.JSONField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    shares = models.JSONField()
    changes = models.JSONField(null=True)
    bundle = models.BinaryField()
    bundle_hash = models.CharField(max_length=64)

    objects = models.Manager.from_queryset(DossierQuerySet)()

    class Meta:
        verbose_name = _("verification dossier")

    def __str__(self) -> str:
        return self.content_hash


class SampledLine(models.Model):
    """A line of the dossier that the verifier looks at; ``line`` is its identifier in the frozen copy."""

    class Verdict(models.TextChoices):
        """What the evidence says."""

        OPEN = "", _("To be looked at")
        AGREES = "agrees", _("Agrees")
        FINDING = "finding", _("Finding")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="lines")
    line = models.UUIDField()
    risk = models.FloatField()
    reasons = models.JSONField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True, default="")
    evidence = models.TextField(blank=True, default="")
    marked_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(SampledLineQuerySet)()

    class Meta:
        verbose_name = _("sampled line")
        constraints = [
            models.UniqueConstraint(fields=["engagement", "line"], name="line_sampled_once"),
            models.UniqueConstraint(fields=["company", "id"], name="sampledline_company_id"),
        ]

    def __str__(self) -> str:
        return str(self.line)


class VerificationFinding(models.Model):
    """Something the verifier holds against the figure; the company answers, the verifier closes it."""

    class Severity(models.TextChoices):
        """How much it weighs."""

        NOTE = "note", _("Note")
        MINOR = "minor", _("Minor")
        MATERIAL = "material", pgettext_lazy("finding", "Material")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="findings")
    sampled = models.ForeignKey(SampledLine, on_delete=models.PROTECT, null=True, related_name="findings")
    severity = models.CharField(max_length=10, choices=Severity.choices)
    text = models.TextField()
    raised_at = models.DateTimeField()
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(FindingQuerySet)()

    class Meta:
        verbose_name = _("verification finding")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(answer=""), name="finding_closed_after_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class EngagementStepQuerySet(TenantQuerySet["EngagementStep"]):
    """As the engagement itself: what was done is known before the dossier is open."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return Q(company_id__in=actor.company_ids) | engaged(actor, "engagement")


class EngagementStep(Step):
    """One move of an engagement."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="steps")

    objects = models.Manager.from_queryset(EngagementStepQuerySet)()

    class Meta:
        verbose_name = _("step of an engagement")


class StatementQuerySet(TenantQuerySet["VerificationStatement"]):
    """Whoever may see a publication may see what was stated about it."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        # no join: whoever may read a statement need not see its engagement
        mine = Engagement.objects.filter(engaged(actor, states=OPENED)).values("pk")
        own = Q(company_id__in=actor.company_ids) | Q(engagement__in=mine)
        return own | Q(publication__in=Publication.objects.visible_to(actor).exclude(jws="").values("pk"))


class VerificationStatement(models.Model):
    """What a verification body stated about a publication; recorded, signed over, never changed.

    The platform certifies nothing: its signature says that this was recorded, by whom and about what.
    """

    class Outcome(models.TextChoices):
        """The opinion (ISO 14064-3)."""

        UNMODIFIED = "unmodified", _("Unmodified")
        MODIFIED = "modified", _("Modified")
        ADVERSE = "adverse", _("Adverse")
        DISCLAIMER = "disclaimer", _("Disclaimer")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="statement")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="statements")
    level = models.CharField(max_length=12, choices=Engagement.Level.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    stated_on = models.DateField()
    valid_until = models.DateField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    jws = models.TextField()
    key_id = models.CharField(max_length=60)
    revoked_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(StatementQuerySet)()

    class Meta:
        verbose_name = _("verification statement")

    def __str__(self) -> str:
        return self.content_hash
