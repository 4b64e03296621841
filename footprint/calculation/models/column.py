"""What columns of the network were made of, and what came out, run after run."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from accounts.visibility import TenantManager
from footprint.calculation.models.footprint import CalculationRun
from footprint.inventory.models import Inventory, Product, UnitProcess


def _remembered(to: type[models.Model]) -> models.ForeignKey[Any, Any]:
    """The id of a row that may be gone."""
    return models.ForeignKey(
        to, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )


class ColumnRecord(models.Model):
    """One column (a product of a unit process) in one run; appended by the calculation, never changed.

    History outlives what it is about, so company, inventory, process and product are ids that nothing
    checks: they may name rows that are gone. Nothing could follow a deletion either, for these rows are
    never updated. Runs are ordered by their id: a record holds from its run until the next one of the
    same column.
    """

    company = _remembered(Company)
    inventory = _remembered(Inventory)
    process = _remembered(UnitProcess)
    product = _remembered(Product)
    year = models.PositiveSmallIntegerField()
    run = models.ForeignKey(CalculationRun, on_delete=models.PROTECT, db_index=False, related_name="+")
    digest = models.CharField(max_length=64)

    objects = TenantManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.process_id} {self.product_id} from run {self.run_id}"


class ColumnVersion(ColumnRecord):
    """What a column is made of from its run on; for the owner only.

    ``content`` is {"unit": the product's declared unit, "made": the process's output in it, "share": part of
    the process's burden or null where lines have their own, "method": of allocation, "burdens": [...]}. A
    burden is {"line": exchange id, "data_type", "taken": amount for the whole process in the supplier's
    unit, negative for a credit, "share": this column's part of the line, "kind"} and by kind
    "gas": {"gas", "origin"}, kg; "factor": {"version"}; "column": {"process", "product"}. Amounts are exact
    decimals as text; per declared unit a burden is ``share * float(taken / made)``.

    ``fault`` says instead why the process cannot be calculated. Neither: the column was removed. Uuids and
    codes say what the column was called then, when its rows are gone.
    """

    process_uuid = models.UUIDField()
    process_code = models.CharField(max_length=80)
    product_uuid = models.UUIDField()
    product_code = models.CharField(max_length=80)
    content = models.JSONField(null=True)
    fault = models.JSONField(null=True)

    class Meta:
        verbose_name = _("column version")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "process", "product", "run"],
                include=["id"],
                name="one_column_version_per_run",
            ),
            models.CheckConstraint(
                condition=Q(content__isnull=True) | Q(fault__isnull=True), name="column_sound_or_faulty"
            ),
        ]
        indexes = [models.Index(fields=["product", "run"], name="column_by_product")]

    @property
    def is_removed(self) -> bool:
        """Whether the process no longer makes the product."""
        return self.content is None and self.fault is None


class FigureVersion(ColumnRecord):
    """The figure of a column as its run wrote it, kg CO2e per declared unit; none when it failed.

    ``digest`` is that of the footprint: equal digests are the same figure made of the same parts.
    """

    production = models.FloatField()
    kg_co2e_ar5 = models.FloatField(null=True)
    kg_co2e_ar6 = models.FloatField(null=True)

    class Meta:
        verbose_name = _("figure version")
        constraints = [
            models.UniqueConstraint(fields=["product", "process", "run"], name="one_figure_version_per_run")
        ]
