"""Template filters and tags for figures: `{% load figures %}`."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from django import template
from django.utils import timezone, translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from accounts import figures
from accounts.roles import ROLES, Role

register = template.Library()

# Two or more element symbols with their numbers: CO2, CH4, N2O, CH3Cl, but neither HFC-134a nor Crude C4.
FORMULA = re.compile(r"\b(?:(?:Cl|Br|[CFHNOS])\d*){2,}e?\b")


def _language() -> str:
    return translation.get_language() or "zh-hans"


def _subscripted(text: Any) -> SafeString:
    """Escapes a unit or a formula and sets the numbers of its formulas low: CO2e, CH4, N2O, SF6."""
    escaped = str(conditional_escape(text))
    return mark_safe(FORMULA.sub(_low_numbers, escaped))  # noqa: S308 (escaped on the line above)


def _low_numbers(formula: re.Match[str]) -> str:
    return re.sub(r"\d+", r"<sub>\g<0></sub>", formula[0])


@register.filter(name="name")
def name(thing: object) -> str:
    return figures.name(thing, _language())


@register.filter
def role(code: str) -> str:
    """`{{ membership.role|role }}`: what the role is called."""
    meaning = ROLES[Role(code)]
    return meaning.name_zh if figures.is_chinese(_language()) else meaning.name_en


@register.filter
def quantity(value: figures.Number | None) -> str:
    return figures.quantity(value)


@register.filter
def digits(value: Decimal) -> str:
    """`{{ line.amount|digits }}`: every digit and nothing else, for machines"""
    return format(value, "f")


@register.filter
def sig(value: figures.Number | None, places: int = 4) -> str:
    return figures.significant(value, places)


@register.filter
def percent(value: figures.Number | None, places: int = 1) -> str:
    return figures.percent(value, places)


@register.filter
def change(share: figures.Number | Literal[""] | None) -> str:
    """`{{ row.change|change }}`: a relative difference with its sign"""
    return figures.signed_percent(None if share == "" else share)  # a template says "" for what is missing


@register.filter
@lru_cache(1024)
def co2e_unit(unit: str) -> SafeString:
    """`{{ product.unit|co2e_unit }}` -> kg CO<sub>2</sub>e / kg"""
    return _subscripted(figures.co2e_unit(unit))


@register.filter
def unit(code: str) -> str:
    """`{{ line.unit|unit }}` -> 10³ Nm³"""
    return figures.unit_text(code)


@register.filter
def chemical(text: Any) -> SafeString:
    """Any short text that may hold a formula."""
    return _subscripted(text)


@register.filter
def translated(text: str) -> str:
    """What a built-in record says, in the reader's language; what members wrote stays as it is."""
    return translation.gettext(text) if text else ""


@register.filter
def local_date(day: date | None) -> str:
    if day is None:
        return figures.NOTHING
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    return figures.long_date(day, _language())


@register.filter
def local_time(moment: datetime | None) -> str:
    """Day and minute: 2026年11月24日 13:05"""
    if moment is None:
        return figures.NOTHING
    here = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{figures.long_date(here.date(), _language())} {here:%H:%M}"


@register.filter
def year_range(period: Any) -> str:
    """`{{ inventory|year_range }}`: anything with period_start and period_end."""
    return figures.year_range(period.period_start, period.period_end, _language())


@register.simple_tag
def figure(
    value: figures.Number | Literal[""] | None,
    unit: str = "",
    digits: int = 4,
    *,
    href: str = "",
    size: str = "",
    exact: bool = False,
) -> SafeString:
    """Value and unit that never part: `{% figure footprint.kg_co2e_ar6 unit|co2e_unit size="hero" %}`"""
    known = None if value == "" else value
    number = figures.quantity(known) if exact else figures.significant(known, digits)
    if known is None or not unit:
        body = format_html('<span class="figure-value">{}</span>', number)
    else:
        body = format_html(
            '<span class="figure-value">{}</span>&nbsp;<span class="figure-unit">{}</span>',
            number,
            _subscripted(unit if isinstance(unit, SafeString) else figures.unit_text(unit)),
        )
    kind = f"figure-number figure-{size}" if size else "figure-number"
    if href:
        return format_html('<a class="{}" href="{}">{}</a>', kind, href, body)
    return format_html('<span class="{}">{}</span>', kind, body)
