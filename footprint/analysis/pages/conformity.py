"""Products against their rules: a panel that other pages ask for by address, and the list of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.asked import AskedRequest
from accounts.errors import Text
from accounts.exports import batches, number, table_answer
from accounts.figures import is_chinese
from accounts.forms import languages, named, press
from accounts.shown_tables import rows_shown
from footprint.analysis.actions.try_rule import ask_for_trial
from footprint.analysis.conformity import (
    Conformity,
    conformity_of,
    conformity_of_process,
    conformity_of_product,
    own_inventories,
)
from footprint.analysis.pages.subject import subject
from footprint.calculation.pages.asking import or_404
from footprint.inventory import queries as inventory_queries
from footprint.inventory.models import Exchange, Inventory
from footprint.rules.document.checking import Verdict
from footprint.rules.document.wording import Names
from footprint.rules.finding_words import SEVERITIES, Told, told
from footprint.rules.queries import applicable_rules, names_in, product_rules

INVENTORIES_ON_A_PAGE = 5
EXPORTED = (
    "site", "site_name", "year", "product", "product_name", "process", "process_name", "category",
    "rule_version", "is_trial", "rules_broken", "rules_to_explain", "rules_met",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A finding as the panel shows it, with the line it is about."""

    address: str
    severity: Text
    tone: str
    told: Told
    line: Exchange | None


@dataclass(frozen=True)
class Panel:
    """One product of one process against its rule."""

    conformity: Conformity
    rows: Sequence[Row]
    met: int
    idle: int

    @property
    def broken(self) -> int:
        """Rules that are broken."""
        return self.conformity.count(Verdict.BROKEN)

    @property
    def asked(self) -> int:
        """Rules that ask for an explanation."""
        return self.conformity.count(Verdict.ASKED)


@login_required
def of_product(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The panel on a product's page."""
    shown = subject(request, product_uuid)
    found = conformity_of_product(request.actor, shown.product, timezone.localdate())
    return _panels(request, found)


@login_required
def of_process(request: AskedRequest, process_uuid: UUID) -> HttpResponse:
    """The panel on a process's page."""
    process = or_404(inventory_queries.process(request.actor, process_uuid))
    return _panels(request, conformity_of_process(request.actor, process, timezone.localdate()))


@login_required
def conformity_list(request: AskedRequest) -> HttpResponse:
    """Every own product that a rule is about, inventory by inventory."""
    on = timezone.localdate()
    pages = Paginator(own_inventories(request.actor), rows_shown(request, INVENTORIES_ON_A_PAGE))
    page = pages.get_page(request.GET.get("page"))
    rules = applicable_rules(request.actor, on)
    names = _names(request)
    found = [
        (inventory, [_panel(each, names) for each in conformity_of(request.actor, inventory, rules, on)])
        for inventory in page
    ]
    context = {
        "trail": [
            (_("Home"), "/"),
            (_("Product category rules"), reverse("rules:rule_list")),
            (_("Own products against the rules"), ""),
        ],
        "found": found,
        "page": page,
    }
    return render(request, "analysis/conformity/list.html", context)


@login_required
@require_GET
def conformity_export(request: AskedRequest) -> HttpResponseBase:
    """What the list shows, every page of it."""
    on = timezone.localdate()
    rules = applicable_rules(request.actor, on)
    inventories = batches(own_inventories(request.actor))
    rows = (
        _exported(inventory, each)
        for batch in inventories
        for inventory in batch
        for each in conformity_of(request.actor, inventory, rules, on)
    )
    return table_answer(request, "conformity", EXPORTED, rows)


def _exported(inventory: Inventory, found: Conformity) -> list[str]:
    counts = [number(found.count(verdict)) for verdict in (Verdict.BROKEN, Verdict.ASKED, Verdict.MET)]
    return [
        *(inventory.site.code, named(inventory.site), str(inventory.year)),
        *(found.product.code, named(found.product), found.process.code, named(found.process)),
        *(found.rule.category.code, number(found.rule.number), "yes" if found.is_trial else "no", *counts),
    ]


@login_required
@require_POST
def try_draft(request: AskedRequest, code: str) -> HttpResponse:
    """Run a draft on the inventories there are."""
    rules = product_rules(request.actor).filter(category__code=code)
    asked = request.GET.get("version", "")
    rule = (rules.filter(number=int(asked)) if asked.isdecimal() and len(asked) < 6 else rules).first()
    if rule is None:
        raise Http404
    place = f"{reverse('rules:rule', args=[code])}?version={rule.number}&tab=making"
    words = _("The draft is being run on the inventories of %(category)s. Come back in a moment.")
    press(
        request,
        lambda: ask_for_trial(rule, by=request.actor),
        done=words % {"category": named(rule.category)},
    )
    return redirect(place)


def _panels(request: AskedRequest, found: Sequence[Conformity]) -> HttpResponse:
    names = _names(request)
    context: dict[str, Any] = {"panels": [_panel(each, names) for each in found]}
    return render(request, "analysis/conformity/_panels.html", context)


def _names(request: AskedRequest) -> Names:
    return names_in(request.actor, is_chinese(languages()))


def _panel(found: Conformity, names: Names) -> Panel:
    rows = [
        Row(
            finding.address,
            *SEVERITIES[finding.severity],
            told(finding, names),
            found.lines.get(finding.line),
        )
        for finding in found.findings
    ]
    return Panel(found, rows, found.count(Verdict.MET), found.count(Verdict.IDLE))
