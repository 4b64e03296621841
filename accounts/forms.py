"""Forms that call one action: what it refuses lands beside the field it is about, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed, Refusal, Refusals, Stale
from accounts.figures import is_chinese
from accounts.figures import name as name_of
from accounts.models import Company
from accounts.provinces import PROVINCES
from accounts.roles import ROLES, Role

T = TypeVar("T")


def attempt(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Do the action, or put its refusals into the form, with everything it wrote taken back.

    Raises:
        PermissionDenied: the person may not do this at all.
    """
    try:
        with transaction.atomic():
            return act()
    except NotAllowed as denied:
        raise PermissionDenied(str(denied)) from denied
    except Refusals as several:
        refuse(form, several.refusals)
    except Refusal as one:
        refuse(form, [one])
    return None


def press(request: HttpRequest, act: Callable[[], T], *, done: str | Callable[[T], str]) -> T | None:
    """Do the action of a button that comes without fields, and say on the next page what came of it.

    What the action made is answered, for the pages that lead there. ``done``: the words, or how what was made
    is told; empty ones are not said.

    Raises:
        PermissionDenied: as ``attempt``.
    """
    form = forms.Form(request.POST)
    pressed = attempt(form, lambda: (act(),))
    if pressed is None:
        messages.error(request, " ".join(map(str, form.non_field_errors())))
        return None
    if words := done if isinstance(done, str) else done(pressed[0]):
        messages.success(request, words)
    return pressed[0]


def refuse(form: forms.Form, refusals: Iterable[Refusal]) -> None:
    """Each refusal at its field; those about nothing the form shows, at the top."""
    for refusal in refusals:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        if isinstance(refusal, Stale):
            form.is_stale = True  # type: ignore[attr-defined]


def say_refused(request: HttpRequest, form: forms.Form) -> None:
    """Say on the next page what a form was refused for, where the form itself is not shown again."""
    for words in form.errors.values():
        messages.error(request, " ".join(map(str, words)))


def status_of(form: forms.Form) -> int:
    """The status a page with this form answers with; 400 and above roll the request back."""
    if not form.errors:
        return 200
    return 409 if getattr(form, "is_stale", False) else 422


def amount_field(label: object, *, suffix: str = "", help_text: object = "") -> forms.CharField:
    """A number as typed: the action reads it, so that its refusal is the same for every door."""
    field = forms.CharField(
        label=label,  # type: ignore[arg-type]
        required=False,
        help_text=help_text,  # type: ignore[arg-type]
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    field.suffix = suffix  # type: ignore[attr-defined]
    return field


def languages() -> str:
    """The language of the moment."""
    return get_language() or "zh-hans"


def said(remarks: Iterable[Any]) -> list[dict[str, Any]]:
    """Remarks as ``components/remarks.html`` shows them, the first one first, each with who said it."""
    told = sorted(remarks, key=lambda each: (each.at, each.pk))
    return [{"text": each.text, "at": each.at, "who": str(each.by or "")} for each in told]


def named(thing: object) -> str:
    """The thing's name in the language of the moment."""
    return name_of(thing, languages())


def role_name(role: str) -> str:
    """What a role is called, in the language of the moment."""
    meaning = ROLES[Role(role)]
    return meaning.name_zh if is_chinese(languages()) else meaning.name_en


def province_choices() -> list[tuple[str, str]]:
    """Provinces in the language of the moment."""
    index = 0 if is_chinese(languages()) else 1
    return [("", "—"), *((code, names[index]) for code, names in PROVINCES.items())]


def company_choices(companies: Iterable[Company]) -> list[tuple[str, str]]:
    """Companies by their public identifier."""
    return [(str(company.uuid), named(company)) for company in companies]


def ask_for_whom(form: forms.Form, companies: Sequence[Company]) -> None:
    """Ask people who act for several companies for which one; the others are not asked."""
    if len(companies) > 1:
        label = _("For which of your companies")
        form.fields["company"] = forms.ChoiceField(label=label, choices=company_choices(companies))
        form.order_fields(["company"])


def for_whom(form: forms.Form, companies: Sequence[Company]) -> Company:
    """The company that was chosen, taken out of what the form holds; else the only one."""
    chosen = form.cleaned_data.pop("company", "")
    return next((each for each in companies if str(each.uuid) == chosen), companies[0])


def token_field(request: HttpRequest) -> SafeString:
    """The token of a form, as HTML: where a page has hundreds of forms it is made once."""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
