"""Forms about products, inventories, processes and lines. What they hold is checked by the actions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import amount_field, languages, named
from factors import units
from factors.models import GreenhouseGas
from factors.origins import ORIGIN_LABELS
from factors.units import Dimension
from footprint.inventory.measures import with_unit
from footprint.inventory.models import SCORES, Exchange, Product, UnitProcess
from footprint.rules.models import ProductCategory

QUALITY = ("stage", "gsd2", *SCORES)
UNITS_OF_WHAT_IS_NAMED = {
    "hx-get": "",
    "hx-trigger": "change",
    "hx-include": "[name=unit]",
    "hx-select": "#id_unit",
    "hx-target": "#id_unit",
    "hx-swap": "outerHTML",
}
"""The page itself, asked again with the product: its list of units takes the place of the present one."""
DAY = forms.DateInput(attrs={"type": "date"})


def unit_choices() -> list[tuple[str, Any]]:
    """Every accepted unit, by what it measures."""
    return [("", "—"), *units.choices(languages())]


def origin_choices() -> list[tuple[str, str]]:
    """Where the carbon of an emission comes from."""
    index = 0 if languages().startswith("zh") else 1
    return [(origin.value, labels[index]) for origin, labels in ORIGIN_LABELS.items()]


def gas_choices() -> list[tuple[str, str]]:
    """The gases that are characterised, the most usual first."""
    usual = ("CO2", "CH4", "N2O", "SF6")
    gases = list(GreenhouseGas.objects.all())
    gases.sort(key=lambda gas: (usual.index(gas.code) if gas.code in usual else len(usual), gas.code))
    return [("", "—"), *((gas.code, f"{gas.code} · {named(gas)}") for gas in gases)]


def category_choices() -> list[tuple[str, str]]:
    """The product categories of the alliance."""
    return [("", "—"), *((each.code, named(each)) for each in ProductCategory.objects.order_by("position"))]


def score_field(label: Any, help_text: Any) -> forms.ChoiceField:
    """1 (best) to 5 (worst), or not said."""
    numbers = [(str(number), str(number)) for number in range(1, 6)]
    return forms.ChoiceField(label=label, required=False, choices=[("", "—"), *numbers], help_text=help_text)


class ProductForm(forms.Form):
    """A product or waste."""

    needed = ("code", "name_zh", "unit", "kind")

    code = forms.CharField(label=_("Code"), required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), required=False)
    name_en = forms.CharField(label=_("Name in English"), required=False)
    unit = forms.ChoiceField(
        label=_("Declared unit"),
        required=False,
        choices=unit_choices,
        help_text=_("The footprint is stated per one of these."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Product.Kind.choices, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False, choices=category_choices)
    cn_code = forms.CharField(
        label=_("CN code"),
        required=False,
        help_text=_("Eight digits of the EU's Combined Nomenclature; for the carbon border adjustment."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    identifiers = forms.CharField(
        label=_("Identifiers"),
        required=False,
        help_text=_(
            "One a line: GTIN 6901234567892, CAS 74-85-1, CPC 34110, buyer 4711, supplier A-12, or a URN. "
            "Partners ask by them; whoever gets a footprint published after this sees all of them."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    lhv_mj_per_unit = amount_field(
        _("Lower heating value"), suffix="MJ", help_text=_("Per declared unit; for allocation by energy.")
    )
    carbon_fraction = amount_field(_("Carbon content"), help_text=_("kg C per kg, between 0 and 1."))
    hydrogen_fraction = amount_field(
        _("Hydrogen content"), help_text=_("kg H per kg, between 0 and 1; for allocation by hydrogen.")
    )
    biogenic_carbon_fraction = amount_field(
        _("Biogenic part of the carbon"), help_text=_("Between 0 (fossil) and 1 (all of it biogenic).")
    )
    molar_mass_g_per_mol = amount_field(
        _("Molar mass"), suffix="g/mol", help_text=_("For allocation by amount of substance.")
    )
    conversion_unit = forms.ChoiceField(
        label=_("Also counted in"),
        required=False,
        choices=unit_choices,
        help_text=_("Another unit that your data come in."),
    )
    conversion_amount = amount_field(
        _("Of that unit, one declared unit is"), help_text=_("For example 0.75 kg for one litre.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def changes(self, known: dict[str, Any]) -> dict[str, Any]:
        """What the action takes; further conversions of an import stay."""
        stated = dict(self.cleaned_data)
        unit, amount = stated.pop("conversion_unit"), stated.pop("conversion_amount")
        stated.pop("version")
        shown = next(iter(known), None)
        conversions = {key: value for key, value in known.items() if key != shown}
        if unit:
            conversions[unit] = amount
        return {**stated, "kind": stated["kind"] or Product.Kind.PRODUCT, "conversions": conversions}


class GrantForm(forms.Form):
    """To whom a product is opened."""

    needed = ("recipient",)

    recipient = forms.ChoiceField(label=_("Partner"), required=False)
    ends_on = forms.CharField(
        label=_("Until"), required=False, widget=DAY, help_text=_("Empty: until you end it.")
    )

    def __init__(self, *args: Any, companies: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].choices = [("", "—"), *companies]  # type: ignore[attr-defined]


class InventoryForm(forms.Form):
    """A site's reference period."""

    needed = ("period_start", "period_end")

    period_start = forms.CharField(label=_("First day"), required=False, widget=DAY)
    period_end = forms.CharField(
        label=_("Last day"),
        required=False,
        widget=DAY,
        help_text=_("The year of this day is the reference year."),
    )
    title = forms.CharField(label=_("Title"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ProcessForm(forms.Form):
    """A unit process."""

    needed = ("code", "name_zh", "allocation_method", "price_years")

    code = forms.CharField(label=_("Code"), required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), required=False)
    name_en = forms.CharField(label=_("Name in English"), required=False)
    technology = forms.CharField(label=_("Technology"), required=False)
    allocation_method = forms.ChoiceField(
        label=_("Allocation"),
        required=False,
        choices=UnitProcess.Allocation.choices,
        help_text=_("How the products of this process share its burden."),
    )
    price_years = forms.ChoiceField(
        label=_("Prices"),
        required=False,
        choices=UnitProcess.PriceYears.choices,
        initial=UnitProcess.PriceYears.REFERENCE,
        help_text=_("Which recorded prices an allocation by economic value weighs with."),
    )
    mass_loss_kg = amount_field(
        _("Recorded loss"),
        suffix="kg",
        help_text=_("What was lost in the period and is in no line."),
    )
    stock_change_kg = amount_field(
        _("Stock change"), suffix="kg", help_text=_("What stayed inside; negative when stock was used up.")
    )
    energy_loss_mj = amount_field(
        _("Recorded heat loss"), suffix="MJ", help_text=_("Waste heat and heat of reaction of the period.")
    )
    balance_comment = forms.CharField(label=_("Comment on loss and stock"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PerProductForm(forms.Form):
    """One number for each product that a process makes, such as a share."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Iterable[Exchange], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for number, line in enumerate(self.lines, start=1):
            self.fields[f"line_{number}"] = amount_field(named(line.product))

    def stated(self) -> list[tuple[Exchange, str]]:
        """Each line with what was typed for it."""
        return [
            (line, self.cleaned_data[f"line_{number}"]) for number, line in enumerate(self.lines, start=1)
        ]


class BasisForm(PerProductForm):
    """What each product weighs in an allocation of one's own."""

    needed = ("unit",)

    unit = forms.ChoiceField(label=_("Unit"), required=False, choices=unit_choices)


class RemoveForm(forms.Form):
    """The version of the line or the process that is removed."""

    version = forms.IntegerField(required=False)


class LineForm(forms.Form):
    """What every line has."""

    needed = ("product", "gas", "amount", "unit", "data_type", "origin")

    amount = amount_field(_("Amount in the period"))
    unit = forms.ChoiceField(label=_("Unit"), required=False, choices=unit_choices)
    data_type = forms.ChoiceField(
        label=_("Data"), required=False, choices=Exchange.DataType.choices, initial="measured"
    )
    comment = forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    provider = forms.CharField(required=False, widget=forms.HiddenInput)

    def offer_units(self, dimensions: Collection[Dimension], present: str = "") -> None:
        """Only units the line can be counted in; the present one and what was typed stay, to be judged."""
        besides = (present, self.data.get("unit", ""))
        offered = units.choices(languages(), dimensions=dimensions, besides=besides)
        self.fields["unit"].choices = [("", "—"), *offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A unit that was typed behind the amount is the unit; what is none leaves the amount no number."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        typed, unit = with_unit(given.get("amount", ""))
        try:
            return {**given, "amount": typed, "unit": units.canonical(unit)} if unit else given
        except units.UnknownUnit:
            return given

    def changes(self) -> dict[str, Any]:
        """What the action takes, the provider apart; a choice that was not offered stays as it is."""
        stated = {
            key: value for key, value in self.cleaned_data.items() if key not in ("version", "provider")
        }
        return {
            key: value for key, value in stated.items() if value != "" or key not in ("data_type", "origin")
        }


class FlowForm(LineForm):
    """A new input or output of a product."""

    product = forms.CharField(
        label=_("Product"),
        required=False,
        help_text=_("The code or the name of one of your products; what you buy is one of them, too."),
        widget=forms.TextInput(
            attrs={"list": "product-codes", "autocomplete": "off", **UNITS_OF_WHAT_IS_NAMED}
        ),
    )
    is_avoided = forms.BooleanField(label=_("Avoided elsewhere: a credit"), required=False)
    field_order = ("product", "amount", "unit", "data_type", "is_avoided", "comment")


class OutputForm(FlowForm):
    """A product that the process makes."""

    is_reference = forms.BooleanField(label=_("Reference product of the process"), required=False)


class EmissionForm(LineForm):
    """A direct emission."""

    gas = forms.ChoiceField(label=_("Gas"), required=False, choices=gas_choices)
    origin = forms.ChoiceField(label=_("Origin"), required=False, choices=origin_choices)
    field_order = ("gas", "origin", "amount", "unit", "data_type", "comment")


class LineChangeForm(LineForm):
    """A line that is there already: its amount, and behind it how good the amount is."""

    stage = forms.ChoiceField(
        label=_("Life-cycle stage"), required=False, choices=[("", "—"), *Exchange.Stage.choices]
    )
    gsd2 = amount_field(
        _("Uncertainty GSD²"),
        help_text=_("1 or more: 95 of 100 values lie between the amount divided by it and times it."),
    )
    pedigree_reliability = score_field(
        _("Reliability"), _("1: verified measurements. 3: partly assumed. 5: estimate by anybody.")
    )
    pedigree_completeness = score_field(
        _("Completeness"), _("1: all of the process over a long enough time. 5: few values, or unknown.")
    )
    pedigree_temporal = score_field(_("Age"), _("1: less than 3 years. 3: less than 10. 5: more than 15."))
    pedigree_geographical = score_field(
        _("Place"), _("1: of this place. 3: of a place with like conditions. 5: unknown.")
    )
    pedigree_technological = score_field(
        _("Technology"), _("1: of this process. 3: same technology elsewhere. 5: another one.")
    )
    dqr_technology = score_field(_("Rating of technology"), _("Of the whole line, as PACT scores it."))
    dqr_time = score_field(_("Rating of time"), _("Of the whole line, as PACT scores it."))
    dqr_geography = score_field(_("Rating of geography"), _("Of the whole line, as PACT scores it."))
    exempted_kg_co2e = amount_field(
        _("Estimate of what is left out"),
        suffix="kg CO2e",
        help_text=_(
            "Without a provider only: what the line would bring in the period. Say why in the comment: it "
            "goes out with published footprints."
        ),
    )

    @property
    def activity(self) -> list[forms.BoundField]:
        """What every line has."""
        return [field for field in self if field.name not in (*QUALITY, "provider")]

    @property
    def quality(self) -> list[forms.BoundField]:
        """What few lines have: it stays folded."""
        return [self[name] for name in QUALITY]

    @property
    def is_quality_open(self) -> bool:
        """Whether something stands there, or is wrong there."""
        return any(self[name].value() not in (None, "") or name in self.errors for name in QUALITY)


class EmissionChangeForm(LineChangeForm, EmissionForm):
    """An emission that is there already."""
