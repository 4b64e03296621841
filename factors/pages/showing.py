"""How versions are put before people: one figure that says what it counts, and words for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import figures
from accounts.actor import Actor
from factors import queries, units
from factors.content import Emission, VersionContent
from factors.geographies import place_name
from factors.models import FactorVersion
from factors.origins import CO2E, ORIGIN_LABELS, Origin
from factors.pages.words import FIGURE_WORDS, RECIPE_WORDS
from factors.queries import NoCharacterization, NotResolvedByGas

LATEST = "AR6"
SETS = tuple((report, years) for years in (100, 20) for report in ("AR4", "AR5", "AR6"))
"""Sets and years that a factor's page weighs the gases with."""


@dataclass(frozen=True)
class Shown:
    """A version with the figure that stands for it."""

    version: FactorVersion
    value: Decimal | None
    unit: str
    is_total: bool
    language: str

    @property
    def is_exact(self) -> bool:
        """Whether the figure is short enough to be shown digit by digit, as its publisher writes it."""
        return is_short(self.value)

    @property
    def is_kept(self) -> bool:
        """Whether the licence of its source keeps the figure here: a page shows it, no file does."""
        return not self.version.source.may_be_passed_on

    @property
    def name_zh(self) -> str:
        """For the `name` filter."""
        return self.version.factor.name_zh

    @property
    def name_en(self) -> str:
        """For the `name` filter."""
        return self.version.factor.name_en

    @property
    def title(self) -> str:
        """The factor's name in the reader's language."""
        return figures.name(self, self.language)

    @property
    def place(self) -> str:
        """Where the version is valid."""
        return place_name(self.version.geography, self.language)

    @property
    def kind(self) -> str:
        """What the factor is for."""
        return self.version.factor.get_kind_display()

    @property
    def boundary(self) -> str:
        """Which part of the life cycle is counted."""
        return self.version.get_boundary_display()

    @property
    def source(self) -> str:
        """The document's title in the reader's language."""
        return figures.name(self.version.source, self.language)

    @property
    def lede(self) -> str:
        """Place, year and boundary in a line."""
        return f"{self.place} · {self.version.reference_year} · {self.boundary}"

    @property
    def counts(self) -> str:
        """What the figure is a figure of."""
        return self.version.get_scope_display()

    @property
    def weighing(self) -> str:
        """How the gases were added up."""
        return weighing(self.version, is_total=self.is_total)

    @property
    def note(self) -> str:
        """The version's note in the reader's language, else in the other."""
        notes = {"name_zh": self.version.note_zh, "name_en": self.version.note_en}
        return figures.name(notes, self.language) if any(notes.values()) else ""


def weighing(of: FactorVersion | VersionContent, *, is_total: bool) -> str:
    """How the gases of a version, published or proposed, are added up; of CO2 alone they are not."""
    if of.scope == FactorVersion.Scope.CO2:
        return ""
    if is_total:
        return _("CO2e as published (%(set)s)") % {"set": of.gwp_set or _("set not stated")}
    return _("%(set)s, 100 years") % {"set": LATEST}


@dataclass(frozen=True)
class GasLine:
    """One emission and its weight with each set."""

    gas: str
    origin: str
    kg_per_unit: Decimal
    weights: Sequence[Decimal | None]

    @property
    def is_exact(self) -> bool:
        """As of ``Shown``."""
        return is_short(self.kg_per_unit)


@dataclass(frozen=True)
class Weighed:
    """A set: its total, or why there is none."""

    code: str
    horizon: int
    total: Decimal | None
    refusal: str
    parts: Sequence[tuple[Emission, Decimal]]

    @property
    def title(self) -> str:
        """The set with its years."""
        return f"{self.code} GWP{self.horizon}"


def shown(actor: Actor, versions: Iterable[FactorVersion]) -> list[Shown]:
    """Versions for a list; two queries however many they are."""
    listed = list(versions)
    if not listed:
        return []
    emissions = queries.emissions_of(actor, [version.pk for version in listed])
    values = _values(actor, LATEST)
    language = get_language() or "zh-hans"
    return [Shown(version, *headline(version, emissions[version.pk], values), language) for version in listed]


def headline(
    version: FactorVersion, emissions: Sequence[Emission], values: queries.Characterization
) -> tuple[Decimal | None, str, bool]:
    """The one figure, what it counts (kg CO2 or kg CO2e), and whether it is a published total."""
    per = units.display(version.factor.unit)
    plain = sum((emission.kg_per_unit for emission in emissions), Decimal(0))
    if version.scope == FactorVersion.Scope.CO2:
        return plain, f"kg CO2 / {per}", False
    if any(emission.gas == CO2E for emission in emissions):
        return plain, f"kg CO2e / {per}", True
    try:
        return queries.weigh(version, emissions, values, LATEST)[0], f"kg CO2e / {per}", False
    except NoCharacterization:
        return None, "", False


def weighed(actor: Actor, version: FactorVersion, emissions: Sequence[Emission]) -> list[Weighed]:
    """The version with each set; CO2 alone is weighed with none, for it would be called CO2e."""
    found = []
    for code, horizon in SETS if version.scope != FactorVersion.Scope.CO2 else ():
        try:
            values = _values(actor, code, horizon)
            total, parts = queries.weigh(version, emissions, values, code, horizon)
            found.append(Weighed(code, horizon, total, "", parts))
        except (NotResolvedByGas, NoCharacterization) as refusal:
            found.append(Weighed(code, horizon, None, str(refusal), []))
    return found


def gas_lines(emissions: Sequence[Emission], sets: Sequence[Weighed]) -> list[GasLine]:
    """A row per emission with its weight in every set that could be computed."""
    language = get_language() or "zh-hans"
    weights = [dict(one.parts) for one in sets]
    return [
        GasLine(
            emission.gas,
            ORIGIN_LABELS[Origin(emission.origin)][0 if figures.is_chinese(language) else 1],
            emission.kg_per_unit,
            [known.get(emission) for known in weights],
        )
        for emission in emissions
    ]


def is_short(value: Decimal | None) -> bool:
    """At most six digits: a published figure, hardly a computed one."""
    return value is not None and len(value.normalize().as_tuple().digits) <= 6


def derivation(version: FactorVersion) -> dict[str, Any]:
    """The recipe in words and its figures, if the version was worked out from any."""
    recipe = version.derivation.get("recipe", "")
    if recipe not in RECIPE_WORDS:
        return {}
    stated = []
    published = version.derivation.get("figures", {})
    for key, (label, unit) in FIGURE_WORDS.items():
        if key not in published:
            continue
        if key == "ncv_gj":
            unit = f"GJ / {units.display(version.factor.unit)}"
        stated.append((label, Decimal(published[key]), unit))
    return {"recipe": RECIPE_WORDS[recipe], "figures": stated}


def _values(actor: Actor, set_code: str, horizon: int = 100) -> queries.Characterization:
    try:
        return queries.characterization(actor, set_code, horizon)
    except NoCharacterization:
        return {}


def chosen(versions: Sequence[FactorVersion], asked: str) -> FactorVersion | None:
    """The version asked for by number, else the newest published one that somebody checked, else the newest.

    A figure that was copied once is never what a reader gets without asking, unless there is no other.
    """
    if asked:
        return next((version for version in versions if str(version.number) == asked), None)
    published = [version for version in versions if version.status == FactorVersion.Status.PUBLISHED]
    checked = [version for version in published if not version.is_single_transcription]
    return next(iter([*checked, *published, *versions]), None)
