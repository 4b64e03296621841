"""A request for a footprint between two members: its terms, what was given, and what came of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actor import Actor
from accounts.models import Company, Step, User
from accounts.visibility import TenantQuerySet
from footprint.inventory.models import Product
from footprint.partners.models import FootprintGrant
from footprint.partners.pact.levels import Level
from footprint.publication.models import Publication
from footprint.sharing.procedure import ENDED, GIVEN, UNANSWERED


class SharingRequestQuerySet(TenantQuerySet["SharingRequest"]):
    """Those one's companies asked, and those they were asked."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return Q(company_id__in=actor.company_ids) | Q(supplier_id__in=actor.company_ids)


class SharingRequest(models.Model):
    """``company`` asks ``supplier`` for a footprint, on terms that never change.

    The supplier gives a live link (``mode`` live: the recipient follows the calculated figure of ``product``)
    or a pinned version (a signed ``publication``). Of that ``content`` is what the level opens, signed over
    with ``jws``; ``outdated_at`` is when the platform saw that it no longer holds. ``for_product`` is the
    recipient's own and nobody else's business. After ``ends_on`` the clock ends it as revocation does.
    """

    class State(models.TextChoices):
        """Where it stands."""

        REQUESTED = "requested", _("Requested")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        PREPARING = "preparing", _("In preparation")
        SHARED = "shared", _("Shared")
        REVIEWING = "reviewing", _("Under review")
        ACCEPTED = "accepted", _("Accepted")
        RESERVED = "reserved", _("Accepted with reservation")
        DISPUTED = "disputed", _("Disputed")
        RESOLVED = "resolved", _("Resolved")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", pgettext_lazy("sharing", "Revoked")
        OVER = "over", _("Agreed use ended")

    class Mode(models.TextChoices):
        """How it is given."""

        LIVE = "live", _("Live link: follows the calculated figure")
        PINNED = "pinned", _("Pinned version: a signed publication")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(
        Company, verbose_name=_("supplier"), on_delete=models.PROTECT, related_name="+"
    )
    for_product = models.ForeignKey(
        Product,
        verbose_name=_("product of one's own"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    wanted = models.CharField(_("product asked for"), max_length=300)
    identifiers = models.CharField(_("identifiers"), max_length=300, blank=True, default="")
    unit = models.CharField(_("declared unit"), max_length=20)
    period_start = models.DateField(_("period start"))
    period_end = models.DateField(_("period end"))
    profile = models.CharField(_("method profile"), max_length=40, blank=True, default="")
    level = models.CharField(_("detail"), max_length=10, choices=FootprintGrant.LEVELS)
    purpose = models.CharField(_("purpose"), max_length=200)
    may_pass_on = models.BooleanField(_("may be passed on"), default=False)
    ends_on = models.DateField(_("last day of use"), null=True)
    due_on = models.DateField(_("answer expected by"))
    comment = models.TextField(_("comment"), blank=True, default="")
    mode = models.CharField(_("how it is given"), max_length=10, choices=Mode.choices, blank=True, default="")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, null=True, related_name="+")
    given_level = models.CharField(
        _("detail given"), max_length=10, choices=FootprintGrant.LEVELS, blank=True, default=""
    )
    content = models.JSONField(_("content"), null=True)
    jws = models.TextField(_("signature"), blank=True, default="")
    key_id = models.CharField(max_length=60, blank=True, default="")
    shared_at = models.DateTimeField(_("shared at"), null=True)
    outdated_at = models.DateTimeField(_("outdated since"), null=True)
    usability = models.PositiveSmallIntegerField(_("usability level"), null=True)
    decided_at = models.DateTimeField(_("judged at"), null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.REQUESTED)
    requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager.from_queryset(SharingRequestQuerySet)()

    class Meta:
        verbose_name = _("request for a footprint")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="sharing_request_company_id"),
            models.CheckConstraint(condition=~Q(company=F("supplier")), name="sharing_request_of_another"),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="sharing_request_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]), name="sharing_request_level_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=GIVEN) | (Q(shared_at__isnull=False) & Q(mode__in=["live", "pinned"])),
                name="sharing_request_given_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=GIVEN, mode="pinned")
                | (Q(publication__isnull=False, content__isnull=False) & ~Q(jws="")),
                name="sharing_request_pinned_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "reserved"]) | Q(usability__range=(1, 3)),
                name="sharing_request_accepted_at_a_level",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-created_at"], name="sharing_request_asked"),
            models.Index(fields=["supplier", "-created_at"], name="sharing_request_received"),
        ]

    def __str__(self) -> str:
        return self.wanted

    @property
    def is_given(self) -> bool:
        """Whether the recipient has something: not after the last day, though the clock comes by the hour."""
        return self.state in GIVEN and not self.is_past_use

    @property
    def is_past_use(self) -> bool:
        """Whether the last day of the agreed use is past; that day counts whole."""
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    @property
    def shown_state(self) -> Promise | str:
        """Where it stands today: the agreed use has ended with its last day, before the clock writes it."""
        is_over = self.state in GIVEN and self.is_past_use
        return self.State.OVER.label if is_over else self.State(self.state).label

    @property
    def was_given(self) -> bool:
        """Whether the recipient had something that was revoked, or whose agreed use is over."""
        return self.shared_at is not None and (self.state in ENDED or self.is_past_use)

    @property
    def is_unanswered(self) -> bool:
        """Whether the supplier's answer is waited for; what was taken up again was answered once."""
        return self.state in UNANSWERED and self.shared_at is None


class SharingStepQuerySet(TenantQuerySet["SharingStep"]):
    """As the request itself."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return Q(company_id__in=actor.company_ids) | Q(request__supplier_id__in=actor.company_ids)


class SharingStep(Step):
    """One move of a request; a dispute says what is wrong (``code``) and where (``line``)."""

    class Code(models.TextChoices):
        """What a recipient disputes."""

        BOUNDARY = "boundary", _("System boundary")
        UNIT = "unit", _("Declared unit")
        PERIOD = "period", _("Reference period")
        METHOD = "method", _("Method or standard")
        ALLOCATION = "allocation", _("Allocation")
        FACTOR = "factor", _("Emission factors")
        ARITHMETIC = "arithmetic", _("Sums do not fit")
        QUALITY = "quality", _("Data quality")
        IMPLAUSIBLE = "implausible", _("Figure implausible")
        OTHER = "other", _("Something else")

    request = models.ForeignKey(
        SharingRequest, verbose_name=_("request"), on_delete=models.CASCADE, related_name="steps"
    )
    code = models.CharField(max_length=12, choices=Code.choices, blank=True, default="")
    line = models.CharField(max_length=200, blank=True, default="")

    objects = models.Manager.from_queryset(SharingStepQuerySet)()

    class Meta:
        verbose_name = _("step of a request for a footprint")
