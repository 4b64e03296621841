"""Codes by which substances and goods are known, checked as people write them.

CAS registry number: up to seven, two and one digit, the last a sum weighted by place, modulo 10. CPC: the
United Nations' Central Product Classification. HS: the Harmonized System, six digits, and up to ten where
customs divide further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text
from factors.content import Fault


def cas(text: str) -> str | None:
    """As it is written, with its hyphens, if the last digit checks the others."""
    found = re.fullmatch(r"(\d{2,7})-(\d{2})-(\d)", text.strip(), re.ASCII)
    if found is None:
        return None
    counted = reversed(found[1] + found[2])
    total = sum(place * int(digit) for place, digit in enumerate(counted, start=1))
    return found[0] if total % 10 == int(found[3]) else None


def _class(text: str, longest: int) -> str | None:
    digits = re.sub(r"[\s.]", "", text)
    return digits if re.fullmatch(rf"\d{{2,{longest}}}", digits, re.ASCII) else None


def cpc(text: str) -> str | None:
    """Two to five digits, points and spaces taken out."""
    return _class(text, 5)


def hs(text: str) -> str | None:
    """Two to six digits, points and spaces taken out."""
    return _class(text, 6)


def tariff(text: str) -> str | None:
    """As ``hs``, or the longer code of a country's customs."""
    return _class(text, 10)


READERS: dict[str, Callable[[str], str | None]] = {"cas": cas, "cpc": cpc, "hs": tariff}
WRONG: dict[str, Text] = {
    "cas": _("“%(value)s” is no CAS number, such as 74-85-1: its last digit checks the others."),
    "cpc": _("“%(value)s” is no class of the UN's CPC: two to five digits."),
    "hs": _("“%(value)s” is no code of the Harmonized System: two to ten digits."),
}
"""Why a value is none of these; ``code_faults`` calls it ``not_a_…``."""


def code_faults(stated: Mapping[str, str]) -> list[Fault]:
    """What is stated of a factor as such a code, and is none."""
    return [
        Fault(f"not_a_{name}", name, {"value": stated[name].strip()[:40]})
        for name, read in READERS.items()
        if stated.get(name, "").strip() and read(stated[name]) is None
    ]
