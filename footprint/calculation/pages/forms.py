"""Forms about products, inventories, processes and lines. What they hold is checked by the actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import amount_field, languages, named
from factors import units
from factors.models import GreenhouseGas
from factors.origins import ORIGIN_LABELS
from footprint.inventory.models import Exchange, Product, UnitProcess
from footprint.rules.models import ProductCategory

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
    lhv_mj_per_unit = amount_field(
        _("Lower heating value"), suffix="MJ", help_text=_("Per declared unit; for allocation by energy.")
    )
    carbon_fraction = amount_field(_("Carbon content"), help_text=_("A fraction between 0 and 1."))
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

    needed = ("code", "name_zh", "allocation_method")

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
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PerProductForm(forms.Form):
    """One number for each product that a process makes: a share, or a price."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Iterable[Exchange], suffix: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for number, line in enumerate(self.lines, start=1):
            unit = f"{suffix} / {line.unit}" if suffix else ""
            self.fields[f"line_{number}"] = amount_field(named(line.product), suffix=unit)

    def stated(self) -> list[tuple[Exchange, str]]:
        """Each line with what was typed for it."""
        return [
            (line, self.cleaned_data[f"line_{number}"]) for number, line in enumerate(self.lines, start=1)
        ]


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
        help_text=_("The code of one of your products."),
        widget=forms.TextInput(attrs={"list": "product-codes", "autocomplete": "off"}),
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


class EmissionChangeForm(EmissionForm):
    """An emission that is there already."""
