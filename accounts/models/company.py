"""Company group > member company > site."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.visibility import TenantManager


class CompanyGroup(models.Model):
    """An ultimate parent: the contributor that counts in a benchmark."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("company group")

    def __str__(self) -> str:
        return self.name_en


class Company(models.Model):
    """A legal entity of the alliance or around it. The directory of companies is open to every member.

    A sandbox is a company to try things out in: nothing of it reaches others, and others do not see it.
    """

    class Kind(models.TextChoices):
        """What the company is to the alliance."""

        MEMBER = "member", _("Member")
        SUPPLIER = "supplier", _("Supplier")
        VERIFIER = "verifier", _("Verification body")
        ASSOCIATION = "association", _("Alliance office")
        SANDBOX = "sandbox", _("Sandbox")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    group = models.ForeignKey(CompanyGroup, on_delete=models.PROTECT, related_name="companies")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.MEMBER)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    is_demonstration = models.BooleanField(default=False)
    lei = models.CharField(_("LEI"), max_length=20, blank=True, default="", db_default="")
    uscc = models.CharField(
        _("unified social credit code"), max_length=18, blank=True, default="", db_default=""
    )
    duns = models.CharField(_("D-U-N-S number"), max_length=9, blank=True, default="", db_default="")
    bpnl = models.CharField(
        _("business partner number (BPNL)"), max_length=16, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("company")

    def __str__(self) -> str:
        return self.name_en


class Site(models.Model):
    """A plant of a company; its rows belong to that company alone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="sites")
    code = models.SlugField(max_length=40)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    province = models.CharField(max_length=6, blank=True, help_text=_("ISO 3166-2 code, for example CN-SD"))

    objects = TenantManager()

    class Meta:
        verbose_name = _("site")
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="site_code_in_company"),
            models.UniqueConstraint(fields=["company", "id"], name="site_company_id"),
        ]

    def __str__(self) -> str:
        return self.name_en
