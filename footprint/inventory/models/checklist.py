"""Answers to the points that a product category rule puts before an acceptance."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.visibility import TenantQuerySet
from footprint.inventory.models.submission import Submission


class AnswerQuerySet(TenantQuerySet["ChecklistAnswer"]):
    """Of one's own submissions and of those one reviews."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        own = Q(company_id__in=actor.company_ids)
        sent = Q(round__lte=F("submission__sent_round")) & ~Q(submission__state="withdrawn")
        return own | sent if actor.reviews else own


class ChecklistAnswer(models.Model):
    """How a reviewer answered one point of one category in one round; ``rule`` is the version it stood in."""

    class Answer(models.TextChoices):
        """Whether it holds."""

        MET = "met", _("Met")
        NOT_MET = "not_met", _("Not met")
        NOT_APPLICABLE = "not_applicable", _("Does not apply")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="checklist")
    round = models.PositiveIntegerField(_("round"))
    category = models.SlugField(_("category"), max_length=40)
    point = models.CharField(_("point"), max_length=20)
    rule = models.PositiveIntegerField(_("version of the rule"))
    answer = models.CharField(_("answer"), max_length=14, choices=Answer.choices)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    objects = models.Manager.from_queryset(AnswerQuerySet)()

    class Meta:
        verbose_name = _("answer to a checklist")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "round", "category", "point"], name="checklist_answered_once"
            ),
            models.CheckConstraint(
                condition=~Q(answer="not_met") | ~Q(note=""), name="checklist_not_met_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.point}: {self.answer}"
