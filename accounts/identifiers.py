"""Numbers by which others know a company: read as people write them, checked, and named as URNs.

LEI: ISO 17442-1, eighteen characters and two check digits by ISO/IEC 7064 MOD 97-10. USCC: GB 32100-2015, a
check character by weights 3^i modulo 31 over an alphabet without I, O, S, V and Z. DUNS: nine digits, which
carry no check of their own. BPNL: Catena-X CX-0010; its two check characters are not checked, for numbers in
use count them with the four letters before them and without.

URNs: ``urn:lei:`` is what PACT's draft on identity recommends, its spelling not final. ``urn:duns:`` is in
wide use and no registered namespace. A USCC has none: it is named below a domain, as PACT does with others.
``urn:bpn:id:`` is how Catena-X wants its numbers in footprints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from accounts.errors import Refusal

FIELDS = ("lei", "uscc", "duns", "bpnl")
LEI = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC = re.compile(rf"[{USCC_SIGNS}]{{2}}[0-9]{{6}}[{USCC_SIGNS}]{{10}}")
DUNS = re.compile(r"[0-9]{9}")
BPNL = re.compile(r"BPNL[0-9A-Z]{12}")
NAMED = re.compile(r"urn:(?:(?:pact:[^:]+:)?(lei|uscc|duns)|bpn:id):([^:]+)", re.I)


def compact(text: str) -> str:
    """As it is kept: capitals, without the spaces and hyphens people write between."""
    return re.sub(r"[\s-]", "", text).upper()


def mod_97_10(text: str) -> bool:
    """Whether the last two digits check the rest by ISO/IEC 7064 MOD 97-10, letters counting from 10."""
    return int("".join(str(int(sign, 36)) for sign in text)) % 97 == 1


def uscc_check(first_17: str) -> str:
    """The last character of a unified social credit code."""
    total = sum(USCC_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(first_17))
    return USCC_SIGNS[-total % 31]


def lei(given: str) -> str:
    """Raises Refusal."""
    found = compact(given)
    if found and not LEI.fullmatch(found):
        message = _("An LEI has 18 letters or digits and two check digits.")
        raise Refusal(message, field="lei", code="invalid_lei")
    if found and not mod_97_10(found):
        message = _("The check digits of this LEI do not fit the rest. Compare it sign by sign.")
        raise Refusal(message, field="lei", code="check_digits")
    return found


def uscc(given: str) -> str:
    """Raises Refusal."""
    found = compact(given)
    if found and not USCC.fullmatch(found):
        message = _(
            "A unified social credit code has 18 signs: two, six digits of the region, nine, and one check "
            "sign; the letters I, O, S, V and Z do not occur."
        )
        raise Refusal(message, field="uscc", code="invalid_uscc")
    if found and found[-1] != uscc_check(found[:-1]):
        message = _("The last sign of this code does not fit the rest. Compare it sign by sign.")
        raise Refusal(message, field="uscc", code="check_digits")
    return found


def duns(given: str) -> str:
    """Raises Refusal."""
    found = compact(given)
    if found and not DUNS.fullmatch(found):
        raise Refusal(_("A D-U-N-S number has nine digits."), field="duns", code="invalid_duns")
    return found


def bpnl(given: str) -> str:
    """Raises Refusal."""
    found = compact(given)
    if found and not BPNL.fullmatch(found):
        message = _("A business partner number of a company is BPNL and twelve letters or digits.")
        raise Refusal(message, field="bpnl", code="invalid_bpnl")
    return found


READERS = {"lei": lei, "uscc": uscc, "duns": duns, "bpnl": bpnl}


def urns(stated: Mapping[str, str], *, domain: str) -> list[str]:
    """The names of a company in documents for others, the most usual first."""
    forms = {
        "lei": "urn:lei:{}",
        "uscc": f"urn:pact:{domain}:uscc:{{}}",
        "duns": "urn:duns:{}",
        "bpnl": "urn:bpn:id:{}",
    }
    return [form.format(stated[name]) for name, form in forms.items() if stated.get(name)]


def named(identifiers: Iterable[object]) -> dict[str, set[str]]:
    """The numbers in somebody's URNs, by kind; what is none, or does not check, is passed over."""
    found: dict[str, set[str]] = {}
    for each in identifiers:
        match = NAMED.fullmatch(each.strip()) if isinstance(each, str) else None
        if match is not None:
            kind = (match[1] or "bpnl").lower()
            try:
                found.setdefault(kind, set()).add(READERS[kind](match[2]))
            except Refusal:
                continue
    return {kind: numbers for kind, numbers in found.items() if numbers}
