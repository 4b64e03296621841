"""What a curator fills in."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.figures import is_chinese
from accounts.figures import name as name_of
from factors import queries, units
from factors.actions.publish_version import content_of
from factors.content import PARENTS, RELATION, Emission, VersionContent
from factors.geographies import place_choices, place_name
from factors.models import Factor, FactorProposal, FactorVersion
from factors.models.source import Transcription
from factors.origins import CO2E, ORIGIN_LABELS, Origin
from factors.pages.words import RELATION_WORDS

SPARE_ROWS = 2
WORDS = (
    "geography", "reference_year", "technology", "scope", "boundary", "source", "source_locator",
    "transcription", "uncertainty_gsd2", "note_zh", "note_en",
)  # fmt: skip
"""The fields of the form that are fields of the content by the same names, as they are."""


class WithdrawForm(forms.Form):
    """Why a version should not be used any more."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=400,
        help_text=gettext_lazy("Everybody who uses this version will read it. It cannot be undone."),
    )


class PublishForm(forms.Form):
    """A new version of one factor. The unit is the factor's and cannot be chosen."""

    geography = forms.ChoiceField(label=gettext_lazy("Place"))
    reference_year = forms.IntegerField(
        label=gettext_lazy("Reference year"), widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    technology = forms.CharField(
        label=gettext_lazy("Technology"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Where the figure is that of one way of making it."),
    )
    scope = forms.ChoiceField(label=gettext_lazy("Gases counted"), choices=FactorVersion.Scope.choices)
    boundary = forms.ChoiceField(label=gettext_lazy("Boundary"), choices=FactorVersion.Boundary.choices)
    gwp_set = forms.ChoiceField(
        label=gettext_lazy("GWP set of a CO2e total"),
        required=False,
        help_text=gettext_lazy("Only for a total that the source publishes in CO2e."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Source"))
    source_locator = forms.CharField(
        label=gettext_lazy("Where in the source"),
        max_length=300,
        help_text=gettext_lazy("Table, page or sheet, so that a second person finds the figure."),
    )
    transcription = forms.ChoiceField(label=gettext_lazy("Checked"), choices=Transcription.choices)
    uncertainty_gsd2 = forms.DecimalField(
        label=gettext_lazy("Uncertainty (GSD²)"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy("Square of the geometric standard deviation, from 1 on; empty where unknown."),
    )
    replaces = forms.ChoiceField(
        label=gettext_lazy("Takes the place of"),
        required=False,
        help_text=gettext_lazy(
            "Name a version if the new one is to end it though its place, year or source is another."
        ),
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("How it was derived"), required=False,
        choices=[("", gettext_lazy("Not stated")), *RELATION_WORDS.items()],
    )  # fmt: skip
    parents = forms.CharField(
        label=gettext_lazy("Derived from these versions"), required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Code and number of each, one a line: grid-cn-national-average v3"),
    )  # fmt: skip
    note_zh = forms.CharField(
        label=gettext_lazy("Note in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    note_en = forms.CharField(
        label=gettext_lazy("Note in English"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self,
        data: QueryDict | dict[str, str] | None = None,
        *,
        actor: Actor,
        factor: Factor,
        base: VersionContent | None,
        rows: int = 0,
    ) -> None:
        super().__init__(data, initial=filled(base) | derived_in_words(actor, base) if base else {})
        self.actor = actor
        self.factor = factor
        self.base = base
        self.rows = max(rows, SPARE_ROWS + len(base.emissions if base else ()))
        self.before = {str(one.number): one for one in _replaceable(actor, factor)}
        language = get_language() or "zh-hans"
        self._choices("geography", place_choices(language, self.initial.get("geography", "")))
        self._choices("replaces", _replacing(self.before.values(), language))
        self._choices("source", [(s.code, name_of(s, language)) for s in queries.sources(actor)])
        sets = dict.fromkeys(one.code for one in queries.characterization_sets(actor))
        self._choices("gwp_set", [("", _("Not stated")), *((code, code) for code in sets)])
        self._emission_fields(["", CO2E, *(gas.code for gas in queries.gases(actor))], language)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _emission_fields(self, gases: Iterable[str], language: str) -> None:
        index = 0 if is_chinese(language) else 1
        origins = [(origin.value, labels[index]) for origin, labels in ORIGIN_LABELS.items()]
        choices = [(code, code or _("None")) for code in gases]
        for row in range(1, self.rows + 1):
            self.fields[f"gas_{row}"] = forms.ChoiceField(
                label=_("Gas %(row)s") % {"row": row}, choices=choices, required=False
            )
            self.fields[f"origin_{row}"] = forms.ChoiceField(
                label=_("Origin %(row)s") % {"row": row}, choices=origins, required=False
            )
            amount = forms.DecimalField(
                label=_("Amount %(row)s") % {"row": row},
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
            amount.suffix = f"kg / {units.display(self.factor.unit)}"  # type: ignore[attr-defined]
            self.fields[f"kg_{row}"] = amount

    @property
    def stated(self) -> list[forms.BoundField]:
        """The fields about the version as a whole."""
        return [self[name] for name in self.fields if "_" not in name or not name.rsplit("_", 1)[1].isdigit()]

    @property
    def emission_rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Gas, origin and amount, row by row."""
        numbers = range(1, self.rows + 1)
        return [(self[f"gas_{row}"], self[f"origin_{row}"], self[f"kg_{row}"]) for row in numbers]

    def clean(self) -> dict[str, Any]:
        """A row has a gas and an amount, or neither."""
        stated = super().clean() or self.cleaned_data
        for row in range(1, self.rows + 1):
            gas, kg = stated.get(f"gas_{row}"), stated.get(f"kg_{row}")
            if gas and kg is None and f"kg_{row}" not in self.errors:
                self.add_error(f"kg_{row}", _("Enter the amount of %(gas)s.") % {"gas": gas})
            if kg is not None and not gas:
                self.add_error(f"gas_{row}", _("Choose the gas of this amount."))
        return stated

    def clean_parents(self) -> list[str]:
        """The uuids of the versions that are named, by code and number."""
        return list(filter(None, map(self._parent, self.cleaned_data["parents"].splitlines())))

    def _parent(self, line: str) -> str:
        code, _space, number = line.strip().rpartition(" ")
        found = None
        if number.lstrip("v").isdecimal() and len(number) < 8:
            rows = queries.all_versions(self.actor).filter(factor__code=code.strip())
            found = rows.filter(number=int(number.lstrip("v"))).first()
        if found is None and line.strip():
            self.add_error(
                "parents", _("“%(line)s” is no version of the database.") % {"line": line.strip()[:80]}
            )
        return str(found.uuid) if found else ""

    def _derivation(self, emissions: tuple[Emission, ...]) -> dict[str, Any]:
        """The base's recipe while the amounts are the same, with the parents as they are named now."""
        kept = self.base.derivation_of(emissions) if self.base else {}
        stated = {PARENTS: self.cleaned_data["parents"], RELATION: self.cleaned_data["relation"]}
        others = {key: value for key, value in kept.items() if key not in stated}
        return others | {key: value for key, value in stated.items() if value}

    def content(self) -> VersionContent:
        """What was filled in."""
        stated = self.cleaned_data
        emissions = tuple(
            Emission(stated[f"gas_{row}"], stated[f"origin_{row}"] or Origin.UNSPECIFIED, stated[f"kg_{row}"])
            for row in range(1, self.rows + 1)
            if stated.get(f"gas_{row}")
        )
        return VersionContent(
            emissions=emissions,
            **{name: stated[name] for name in WORDS},
            gwp_set=stated["gwp_set"] or None,
            derivation=self._derivation(emissions),
        )

    @property
    def replaced(self) -> FactorVersion | None:
        """The version that was named to be replaced."""
        return self.before.get(self.cleaned_data.get("replaces", ""))


def name_fields(initial: FactorProposal | None = None) -> dict[str, forms.Field]:
    """What a new factor is called, as text; the action says what is wrong with it."""
    labels = {
        "code": _("Code"), "name_zh": _("Name in Chinese"), "name_en": _("Name in English"),
        "category": _("Table"), "cas": _("CAS number"), "cpc": _("CPC code"), "hs": _("HS code"),
    }  # fmt: skip
    return {
        name: forms.CharField(label=label, required=False, initial=getattr(initial, name, ""))
        for name, label in labels.items()
    }


def filled(content: VersionContent) -> dict[str, Any]:
    """A form filled with what is to be corrected, every field of it."""
    initial: dict[str, Any] = {name: getattr(content, name) for name in (*WORDS, "gwp_set")}
    if content.uncertainty_gsd2 is not None:
        initial["uncertainty_gsd2"] = plain(content.uncertainty_gsd2)
    for row, emission in enumerate(content.emissions, start=1):
        initial |= {f"gas_{row}": emission.gas, f"origin_{row}": emission.origin}
        initial[f"kg_{row}"] = plain(emission.kg_per_unit)
    return initial


def derived_in_words(actor: Actor, content: VersionContent) -> dict[str, str]:
    """How a content was derived, as people name versions."""
    named = [str(each) for each in content.derivation.get(PARENTS, ())]
    rows = (
        {str(each.uuid): each for each in queries.all_versions(actor).filter(uuid__in=named)} if named else {}
    )
    told = [f"{rows[each].factor.code} v{rows[each].number}" for each in named if each in rows]
    return {"parents": "\n".join(told), "relation": str(content.derivation.get(RELATION, ""))}


def said_by(actor: Actor, version: FactorVersion | None) -> VersionContent | None:
    """What a version says; None of none."""
    if version is None:
        return None
    return content_of(version, queries.emissions_of(actor, [version.pk])[version.pk])


def _replaceable(actor: Actor, factor: Factor) -> list[FactorVersion]:
    """Versions that a new one may end, or come after."""
    if factor.pk is None:
        return []
    ended = FactorVersion.Status.SUPERSEDED
    return [one for one in queries.versions(actor, factor) if one.status != ended]


def _replacing(versions: Iterable[FactorVersion], language: str) -> list[tuple[str, str]]:
    same = _("The version of the same source, place, year, technology, gases and boundary, if there is one")
    return [("", same), *((str(one.number), version_words(one, language)) for one in versions)]


def version_words(version: FactorVersion, language: str) -> str:
    """A version in a line: number, place, year and where it stands."""
    place = place_name(version.geography, language)
    words = _("Version %(number)s") % {"number": version.number}
    return f"{words} · {place} · {version.reference_year} · {version.get_status_display()}"


def plain(amount: Decimal) -> str:
    """Digits without an exponent, as one types them."""
    return f"{amount:f}"
