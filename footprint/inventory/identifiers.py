"""Identifiers by which others know a product: read as people write them, checked, kept as URNs.

GTIN: GS1 General Specifications, 8, 12, 13 or 14 digits, the last a check digit of weights 3 and 1. The order
of preference and the spellings are PACT's: a registered namespace, one in wide use (``urn:gtin:``), then
``urn:pact:{issuer's domain}:…``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Refusal, Text
from factors import codes as factor_codes
from factors.codes import cas, cpc, hs
from footprint.inventory.models import Product

MOST = 30
LONGEST = 200
FIELD = "identifiers"
URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[^\s\x00-\x1f\x7f]+", re.I | re.ASCII)
BREAKS_ADDRESSES = re.compile(r"[#&+?\\\"<>]|%(?![0-9A-Fa-f]{2})")
"""What simple clients put into an address as it is, where it would end the value."""


def gtin(text: str) -> str | None:
    """Its digits, if the last one checks the others."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{8}|\d{12,14}", digits, re.ASCII):
        return None
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return digits if weighted % 10 == 0 else None


@dataclass(frozen=True)
class Scheme:
    """How it is kept, and in which other spellings it comes."""

    form: str
    others: tuple[str, ...]


SCHEMES = {
    "gtin": Scheme("urn:gtin:", ("urn:ean:", "urn:gs1:gtin:", "urn:pact:gs1.org:gtin:")),
    "cas": Scheme(
        "urn:pact:cas.org:substance-number:", ("urn:cas:", "urn:casrn:", "urn:pact:cas.org:cas:")
    ),
    "cpc": Scheme(
        "urn:cpc:",
        ("urn:pact:productclassification:un-cpc:", "urn:pathfinder:productcategorycpc:", "urn:un-cpc:"),
    ),
    "hs": Scheme("urn:hs:", ("urn:pact:wcoomd.org:hs:",)),
}  # fmt: skip
READERS = {"gtin": gtin, "cas": cas, "cpc": cpc, "hs": hs}
WRONG: dict[str, Text] = {
    **factor_codes.WRONG,
    "gtin": gettext_lazy(
        "“%(value)s” is no GTIN: 8, 12, 13 or 14 digits, the last of which checks the others."
    ),
    "hs": gettext_lazy("“%(value)s” is no heading of the Harmonized System: two to six digits."),
}
ISSUED = {"buyer": "buyer-id", "supplier": "supplier-id"}
"""Numbers that one party gave, below this platform's domain unless a whole URN names another."""
CLASSES = re.compile(r"urn:(cpc|hs|unspsc|eclass|pact:productclassification|pact:[^:]+:category-id):.+", re.I)
COMBINED_NOMENCLATURE = "urn:pact:ec.europa.eu:category-id:"
SHORT = re.compile(r"(gtin|ean|cas|un-cpc|cpc|hs|buyer|supplier)\s*[:\s]\s*(.+)", re.I | re.S)
ALIASES = {"ean": "gtin", "un-cpc": "cpc"}


def read(text: str) -> str:
    """One identifier as it is kept: of ``GTIN 6901234567892``, ``CAS 74-85-1``, ``buyer 4711`` or a URN.

    Raises:
        Refusal: no identifier, its check digit does not fit, or signs in it that addresses cannot carry.
    """
    given = text.strip()
    if len(given) > LONGEST:
        message = _("At most %(longest)d characters fit here; this has %(length)d.")
        raise _refusal(message % {"longest": LONGEST, "length": len(given)}, "too_long")
    if (known := _known(given)) is not None:
        return _checked(*known)
    if short := SHORT.fullmatch(given):
        name = short[1].lower()
        if name in ISSUED:
            return f"urn:pact:{issuer()}:{ISSUED[name]}:{quote(short[2].strip(), safe='-._~')}"
        return _checked(ALIASES.get(name, name), short[2])
    if not URN.fullmatch(given):
        message = _(
            "“%(value)s” is no identifier. Write for example GTIN 6901234567892, CAS 74-85-1, or a URN."
        )
        raise _refusal(message % {"value": given[:60]}, "not_an_identifier")
    if BREAKS_ADDRESSES.search(given):
        message = _("“%(value)s” has signs that end an address (# & + ?). Write them with %% and their code.")
        raise _refusal(message % {"value": given[:60]}, "unsafe_identifier")
    return given


def read_all(given: Iterable[object]) -> list[str]:
    """Each of them once, in their order.

    Raises:
        Refusal: as ``read``, or too many.
    """
    texts = [each.strip() for each in given if isinstance(each, str) and each.strip()]
    if len(texts) > MOST:
        message = _("At most %(most)d identifiers.")
        raise _refusal(message % {"most": MOST}, "too_many")
    kept: dict[str, str] = {}
    for urn in map(read, texts):
        kept.setdefault(key(urn), urn)
    return list(kept.values())


def key(urn: str) -> str:
    """What two spellings of one identifier have in common."""
    folded = unquote(urn.strip()).casefold()
    known = _known(folded)
    if known is None:
        return folded
    name, value = known
    stands = READERS[name](value)
    return folded if stands is None else SCHEMES[name].form + (stands.zfill(14) if name == "gtin" else stands)


def keys(urns: Iterable[str]) -> set[str]:
    """Of several."""
    return {key(urn) for urn in urns}


def spellings(text: str) -> list[str]:
    """Under which texts an identifier may be kept, of whatever somebody typed; nothing if it is none."""
    try:
        kept = [read(text)]
    except Refusal:
        kept = []
    plain = [SCHEMES[name].form + value for name in ("gtin", "cas") if (value := READERS[name](text))]
    found = kept + plain
    numbers = [urn.removeprefix("urn:gtin:") for urn in found if urn.startswith("urn:gtin:")]
    padded = [f"urn:gtin:{number.lstrip('0').zfill(size)}" for number in numbers for size in (8, 12, 13, 14)]
    return list(dict.fromkeys(found + padded))


def of(product: Product) -> list[str]:
    """By which others know a product, its code in the Combined Nomenclature among them."""
    return [*product.identifiers, *([COMBINED_NOMENCLATURE + product.cn_code] if product.cn_code else [])]


def of_product(urns: Iterable[str]) -> list[str]:
    """Those that name the product itself."""
    return [urn for urn in urns if not CLASSES.fullmatch(urn)]


def of_class(urns: Iterable[str]) -> list[str]:
    """Those that name the class it belongs to."""
    return [urn for urn in urns if CLASSES.fullmatch(urn)]


def issuer() -> str:
    """The domain below which this platform names things."""
    return urlsplit(settings.PARTNER_URL).hostname or "localhost"


def _known(text: str) -> tuple[str, str] | None:
    folded = text.casefold()
    for name, scheme in SCHEMES.items():
        for form in (scheme.form, *scheme.others):
            if folded.startswith(form):
                return name, unquote(text[len(form) :])
    return None


def _checked(name: str, value: str) -> str:
    found = READERS[name](value)
    if found is None:
        raise _refusal(str(WRONG[name]) % {"value": value.strip()[:40]}, f"not_a_{name}")
    return SCHEMES[name].form + found


def _refusal(message: str, code: str) -> Refusal:
    return Refusal(message, field=FIELD, code=code)
