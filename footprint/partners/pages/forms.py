"""What is asked of people about partners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import company_choices, named
from accounts.listing import Column
from accounts.models import Company
from footprint.inventory.models import Product
from footprint.partners.actions.connecting import LIFETIMES
from footprint.partners.models import Connection, FootprintGrant

DAYS = [(days, _("%(days)d days") % {"days": days}) for days in LIFETIMES]
COLUMNS = (
    Column("name", _("Name"), ("name",)),
    Column("state", _("State"), ("state",), "tight"),
    Column("granted", _("Grants"), (), "number"),
    Column("base_url", _("Called at")),
)


class ChangeForm(forms.Form):
    """Where and as whom the partner's system is called."""

    KNOWN = ("name", "base_url", "auth_url", "callback_id", "speaks", "answers")
    needed = ("name",)

    name = forms.CharField(label=_("Name"), required=False)
    base_url = forms.CharField(
        label=_("Address of their system"),
        required=False,
        help_text=_("Without /3/footprints at its end. Empty: they call us, we do not call them."),
    )
    auth_url = forms.CharField(label=_("Address of their token endpoint, if another"), required=False)
    callback_id = forms.CharField(label=_("Our client id at their side"), required=False)
    callback_secret = forms.CharField(
        label=_("Our client secret at their side"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Stored sealed and never shown. Empty keeps the one that is stored, unless the host is another."
        ),
    )
    speaks = forms.TypedChoiceField(
        label=_("PACT version"), choices=((3, "3.0"), (2, "2.0 – 2.3")), coerce=int, initial=3
    )
    answers = forms.ChoiceField(
        label=_("Requests are answered by"), choices=Connection.Answers.choices, initial="people"
    )


class ConnectionForm(ChangeForm):
    """A new partner."""

    partner = forms.ChoiceField(label=_("Company in the directory"), required=False)
    field_order = ("name", "partner")

    def __init__(self, data: Any, partners: Iterable[Company]) -> None:
        super().__init__(data)
        chosen = self.fields["partner"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", "—"), *company_choices(partners)]


class SecretForm(forms.Form):
    """How long a secret lives."""

    days = forms.TypedChoiceField(
        label=_("The secret lives"), choices=DAYS, coerce=int, initial=LIFETIMES[-1]
    )


class NetworksForm(forms.Form):
    """Where the partner's system may call from."""

    networks = forms.CharField(
        label=_("Networks it may call from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("CIDR notation, one a line: 203.0.113.0/24. Empty: from anywhere."),
    )


class GrantForm(forms.Form):
    """What is opened, how much of it, for what and until when."""

    product = forms.ChoiceField(label=_("Product"), required=False)
    level = forms.ChoiceField(label=_("Detail"), choices=FootprintGrant.LEVELS, initial="total")
    purpose = forms.CharField(label=_("Purpose"), required=False)
    may_pass_on = forms.BooleanField(label=_("May be passed on"), required=False)
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any, products: Iterable[Product]) -> None:
        super().__init__(data)
        chosen = self.fields["product"]
        assert isinstance(chosen, forms.ChoiceField)
        own = [(str(each.uuid), f"{each.code} · {named(each)}") for each in products]
        chosen.choices = [("", _("All products of the company")), *own]


class AskForm(forms.Form):
    """Which products of the partner are asked about."""

    needed = ("product_ids",)

    product_ids = forms.CharField(
        label=_("Products"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("URNs, one a line, for example urn:gtin:4712345060507."),
    )
    comment = forms.CharField(label=_("Comment"), required=False)


class AnswerForm(forms.Form):
    """Which footprints are sent and at which detail, or why none is."""

    footprints = forms.MultipleChoiceField(
        label=_("Footprints"), required=False, widget=forms.CheckboxSelectMultiple
    )
    level = forms.ChoiceField(
        label=_("Detail of what is not open yet"), choices=FootprintGrant.LEVELS, initial="total"
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, help_text=_("Needed to reject; the partner reads it.")
    )

    def __init__(
        self, data: Any, choices: list[tuple[str, str]], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        chosen = self.fields["footprints"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = choices
