"""Forms of sharing; what may not be is said by the actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms import ask_for_whom, company_choices, languages, named
from accounts.models import Company
from factors import units
from footprint.inventory.models import Product
from footprint.partners.models import FootprintGrant
from footprint.publication.models import Publication
from footprint.rules.models import MethodProfile
from footprint.sharing.models import SharingRequest, SharingStep

AREA = {"rows": 3}
LEVELS = [(1, _("1 · indicative")), (2, _("2 · consistent")), (3, _("3 · methodologically complete"))]


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class AskForm(forms.Form):
    """The terms."""

    needed = ("supplier", "wanted", "unit", "period_start", "period_end", "purpose", "due_on")

    supplier = forms.ChoiceField(label=_("Supplier"), required=False)
    wanted = forms.CharField(label=_("Product asked for"), required=False, max_length=300)
    identifiers = forms.CharField(
        label=_("Identifiers"),
        required=False,
        max_length=300,
        help_text=_("What the supplier finds it by: its code, CAS number, your order number."),
    )
    for_product = forms.ChoiceField(
        label=_("Your product it becomes part of or is bought as"),
        required=False,
        help_text=_("The supplier does not see this."),
    )
    unit = forms.ChoiceField(label=_("Declared unit"), required=False)
    period_start = _day(_("First day of the period"))
    period_end = _day(_("Last day of the period"))
    profile = forms.ChoiceField(label=_("Method profile"), required=False)
    level = forms.ChoiceField(label=_("Detail"), choices=FootprintGrant.LEVELS, required=False)
    purpose = forms.CharField(label=_("Purpose"), required=False, max_length=200)
    may_pass_on = forms.BooleanField(
        label=_("We ask to be allowed to pass it on to our customers"), required=False
    )
    due_on = _day(_("Answer expected by"))
    ends_on = _day(_("Last day of use"), _("Empty: until it is revoked."))
    comment = forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea(attrs=AREA))

    def __init__(
        self,
        data: Any,
        suppliers: Iterable[Company],
        products: Iterable[Product],
        companies: Sequence[Company],
    ) -> None:
        """``companies``: those the person may ask for; ``products`` of all of them."""
        super().__init__(data)
        ask_for_whom(self, companies)
        several = len(companies) > 1
        _choose(self, "supplier", [("", "—"), *company_choices(suppliers)])
        own = [
            (str(each.uuid), f"{named(each.company)} · {named(each)}" if several else named(each))
            for each in products
        ]
        _choose(self, "for_product", [("", "—"), *own])
        _choose(self, "unit", [("", "—"), *units.choices(languages())])
        profiles = MethodProfile.objects.order_by("position", "code")
        _choose(self, "profile", [("", _("Any")), *((each.code, named(each)) for each in profiles)])


class ShareForm(forms.Form):
    """Live link or pinned version."""

    needed = ("mode",)

    mode = forms.ChoiceField(
        label=_("How it is given"),
        choices=SharingRequest.Mode.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    product = forms.ChoiceField(
        label=_("Product of the live link"),
        required=False,
        help_text=_("The recipient sees its total and nothing behind it, and follows it as it changes."),
    )
    publication = forms.ChoiceField(
        label=_("Publication of the pinned version"),
        required=False,
        help_text=_("What the detail opens of it is signed for this recipient and never changes."),
    )
    level = forms.ChoiceField(label=_("Detail"), choices=FootprintGrant.LEVELS, required=False)
    reason = forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea(attrs=AREA))

    def __init__(
        self,
        data: Any,
        products: Iterable[Product] = (),
        publications: Iterable[Publication] = (),
        level: str = "",
    ) -> None:
        super().__init__(data, initial={"level": level}, auto_id="share-%s")
        _choose(
            self,
            "product",
            [("", "—"), *((str(each.uuid), f"{named(each)} · {each.code}") for each in products)],
        )
        _choose(
            self,
            "publication",
            [
                ("", "—"),
                *((str(each.uuid), f"{named(each)} {each.year} v{each.number}") for each in publications),
            ],
        )


class AcceptForm(forms.Form):
    """At which level, and with which reservation."""

    needed = ("usability",)

    usability = forms.TypedChoiceField(
        label=_("Usability level"), choices=LEVELS, coerce=int, empty_value="", required=False
    )
    reason = forms.CharField(
        label=_("Reservation"),
        required=False,
        widget=forms.Textarea(attrs=AREA),
        help_text=_("Only to accept with a reservation. It can be accepted without one later."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="accept-%s")


class DisputeForm(forms.Form):
    """What is wrong, where, and why."""

    needed = ("code", "line", "reason")

    code = forms.ChoiceField(label=_("What is wrong"), choices=SharingStep.Code.choices, required=False)
    line = forms.ChoiceField(
        label=pgettext_lazy("sharing", "Line"),
        required=False,
        help_text=_("What of the footprint it is about; only what was given to you is named."),
    )
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs=AREA))

    def __init__(self, data: Any, lines: Sequence[tuple[str, str]]) -> None:
        """``lines``: where it may point, with what that is called."""
        super().__init__(data, auto_id="dispute-%s")
        _choose(self, "line", lines)


def _choose(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
