"""What members answered to the questions that standards ask before a burden is allocated."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from accounts.visibility import TenantManager
from footprint.inventory.models.inventory import UnitProcess


class AllocationAnswer(models.Model):
    """One answer about one process: by whom, when, on what source. A later one takes its place.

    Where the answer is that a physical relation exists, ``basis`` says which. What nobody answered is read
    from the inventory.
    """

    class Question(models.TextChoices):
        """What is asked, in this order."""

        SUBDIVISION = "subdivision", _("Can the process be divided so that nothing has to be allocated?")
        SUBSTITUTION = "substitution", _("Is there a dominant, identifiable displaced product?")
        PHYSICAL = "physical", _("Is there a physical relation between the co-products?")

    class Basis(models.TextChoices):
        """The physical relation."""

        MASS = "mass", _("By mass")
        ENERGY = "energy", _("By energy content")
        MOLES = "moles", _("By amount of substance")
        HYDROGEN = "hydrogen", _("By hydrogen content")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(UnitProcess, on_delete=models.CASCADE, related_name="allocation_answers")
    question = models.CharField(max_length=12, choices=Question.choices)
    answer = models.BooleanField()
    basis = models.CharField(max_length=10, choices=Basis.choices, blank=True, default="")
    source = models.CharField(max_length=500)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField()

    objects = TenantManager()

    class Meta:
        verbose_name = _("answer on allocation")
        constraints = [
            models.UniqueConstraint(fields=["process", "question"], name="allocation_answer_once"),
            models.CheckConstraint(
                condition=Q(question__in=["subdivision", "substitution", "physical"]),
                name="allocation_answer_to_a_question",
            ),
            models.CheckConstraint(
                condition=Q(
                    question="physical", answer=True, basis__in=["mass", "energy", "moles", "hydrogen"]
                )
                | (Q(basis="") & ~Q(question="physical", answer=True)),
                name="allocation_answer_names_its_basis",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="allocation_answer_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.answer}"
