"""Template tags for the parts of a page: `{% load components %}`. The rest are plain includes."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django import forms, template
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import tracing
from accounts.actor import Actor
from accounts.charts import Chart
from accounts.exports import EXCEL
from accounts.shown_tables import CSV

register = template.Library()

CHECKS = (forms.CheckboxInput,)
SELECTS = (forms.Select,)
GROUPED = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """`{% icon "product" %}`: a shape from static/icons.svg, silent for screen readers; drawn once."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("icons.svg"),
        name,
    )


CHIPS = {
    "current": ("good", "check", gettext_lazy("Current")),
    "pending": ("wait", "turning", gettext_lazy("Recomputing…")),
    "failed": ("bad", "warning", gettext_lazy("Not computed")),
}
"""For each state of a figure: tone, shape and word."""


@register.simple_tag
def state_chip(state: str) -> SafeString:
    """`{% state_chip "pending" %}`: whether a figure says what the data say now."""
    tone, shape, word = CHIPS[state]
    moving = "is-turning" if state == "pending" else ""
    return format_html('<span class="chip chip-{}">{}{}</span>', tone, icon(shape, moving), word)


@register.filter
def as_workbook(url: str) -> str:
    """The address of an export as a workbook in place of CSV."""
    if url.endswith(f"format={CSV}"):
        return url.removesuffix(CSV) + EXCEL
    return f"{url}{'&' if '?' in url else '?'}format={EXCEL}"


@register.inclusion_tag("components/export_table.html", takes_context=True)
def export_table(context: template.Context, name: str) -> dict[str, str]:
    """`{% export_table "sources" %}`: the page's table of this ``data-export`` as CSV and as a workbook."""
    query = context["request"].GET.copy()
    for key in ("page", "format"):
        query.pop(key, None)
    query["table"] = name
    return {"url": f"?{query.urlencode()}&format={CSV}"}


@register.simple_tag
def request_id() -> str:
    """What to tell the administrators, who find everything of the request in the log by it."""
    return tracing.current().request


@register.filter
def is_check(field: forms.BoundField) -> bool:
    """A lone check box has its label beside it, everything else above."""
    return isinstance(field.field.widget, CHECKS)


@register.filter
def is_grouped(field: forms.BoundField) -> bool:
    return isinstance(field.field.widget, GROUPED)


@register.filter
def is_optional(field: forms.BoundField) -> bool:
    """Whether it may stay empty: a form whose action does the checking names in `needed` what may not."""
    return not field.field.required and field.name not in getattr(field.form, "needed", ())


@register.simple_tag
def control(field: forms.BoundField) -> SafeString:
    """The field's own widget, dressed and tied to its help and its error."""
    classes = [field.field.widget.attrs.get("class", ""), _dress(field), "is-invalid" if field.errors else ""]
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, classes))}
    if not is_check(field) and not is_optional(field):
        attrs["aria-required"] = "true"
    return field.as_widget(attrs=attrs)


@register.inclusion_tag("components/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """`{% chart contributions %}`: a chart from accounts.charts with its caption and its table.

    What is drawn travels in an attribute: htmx takes every script element out of what it swaps in.
    """
    return {
        "chart": chart,
        "payload": json.dumps(chart.payload(), cls=DjangoJSONEncoder) if chart.is_drawn else "",
        "drawing": static(f"js/charts/{chart.kind}.js"),
    }


@register.simple_tag(takes_context=True)
def history(context: template.Context, thing: Any) -> SafeString | str:
    """`{% history product %}`: the way to a thing's history, for those who may read the log it is in."""
    actor: Actor = getattr(context.get("request"), "actor", Actor.nobody())
    if getattr(thing, "company_id", None) not in actor.audited_ids:
        return ""
    address = reverse("accounts:audit_history", args=[thing.uuid])
    return format_html('<a class="btn" href="{}">{}</a>', address, _("History"))


def _dress(field: forms.BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CHECKS):
        return "form-check-input"
    if isinstance(widget, GROUPED):
        return ""
    return "form-select" if isinstance(widget, SELECTS) else "form-control"
