"""What may be chosen in the workbook, with what it means."""

from __future__ import annotations

from accounts.actor import Actor
from accounts.figures import name as name_of
from factors import queries, units
from factors.geographies import place_choices
from factors.models import Factor, FactorVersion
from factors.models.source import Transcription
from factors.origins import CO2E, ORIGIN_LABELS
from footprint.exchange.factor_table.layout import chinese_first
from footprint.exchange.factor_table.writing import Choices

ALREADY_WEIGHED = ("已加权的总量", "A total that was weighed already")


def choices(actor: Actor, language: str) -> Choices:
    """By column, in the language of the reader."""
    at = chinese_first(language)
    gases = [(gas.code, name_of(gas, language)) for gas in queries.gases(actor)]
    return {
        **{
            name: [(value, str(label)) for value, label in listed.choices]
            for name, listed in (
                ("kind", Factor.Kind),
                ("scope", FactorVersion.Scope),
                ("boundary", FactorVersion.Boundary),
                ("transcription", Transcription),
            )
        },
        "unit": [(each.code, (each.label_zh, each.label_en)[at]) for each in units.UNITS],
        "geography": place_choices(language),
        "source": [(each.code, name_of(each, language)) for each in queries.sources(actor)],
        "gas": [*gases, (CO2E, ALREADY_WEIGHED[at])],
        "origin": [(origin.value, labels[at]) for origin, labels in ORIGIN_LABELS.items()],
    }
