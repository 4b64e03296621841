"""One's own goods with a CN code, and what is told of each at the border."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.errors import Text
from footprint.analysis.by_profile import DIRECT, INDIRECT
from footprint.analysis.models import ProfileFigure
from footprint.analysis.profiles import counts_indirect
from footprint.analysis.queries import freshness
from footprint.analysis.words import failure_text
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing
from footprint.calculation.models import Footprint
from footprint.calculation.quantities import in_unit
from footprint.calculation.queries import Freshness
from footprint.exchange.cbam.communication import Bridge, Good, scaled

PROFILE = "cbam-2025-2547"
WHY: dict[str, Text] = {
    "pending": _("The figure is being recomputed. Look again in a moment."),
    "failed": _("The footprint could not be computed; its page says why."),
    "no_mass": _("The product has no mass per declared unit. State what one unit is in kg."),
}


def goods(actor: Actor, *, product_uuid: Any = None) -> list[Good]:
    """By CN code, product, installation and year, the latest first; those with no figure say why."""
    footprints = Footprint.objects.visible_to(actor).filter(
        company_id__in=actor.company_ids, product__cn_code__gt=""
    )
    if product_uuid is not None:
        footprints = footprints.filter(product__uuid=product_uuid)
    states = freshness(actor, footprints)  # before the figures: see there
    found = (
        ProfileFigure.objects.visible_to(actor)
        .filter(profile_version__profile__code=PROFILE, footprint__in=list(states))
        .select_related(
            "profile_version__profile", "footprint__product", "footprint__inventory__site"
        )
        .order_by(
            "footprint__product__cn_code", "footprint__product__code", "-footprint__year", "footprint_id",
            "-profile_version__number",
        )
    )  # fmt: skip
    newest: dict[int, ProfileFigure] = {}
    for figure in found:
        newest.setdefault(figure.footprint_id, figure)
    return [_good(figure, states[figure.footprint_id]) for figure in newest.values()]


def _good(figure: ProfileFigure, state: Freshness) -> Good:
    footprint, version = figure.footprint, figure.profile_version
    product, site = footprint.product, footprint.inventory.site
    said: dict[str, Any] = {
        "uuid": str(product.uuid),
        "cn_code": product.cn_code,
        "code": product.code,
        "name_zh": product.name_zh,
        "name_en": product.name_en,
        "site_zh": site.name_zh,
        "site_en": site.name_en,
        "province": site.province,
        "year": footprint.year,
        "profile": version.profile.code,
        "version": version.number,
        "gwp_set": version.gwp_set,
        "counts_indirect": counts_indirect(product.cn_code),
        "unverified": tuple(version.unverified),
    }
    if state is not Freshness.CURRENT:
        return Good(**said, failure=state.value, why=str(WHY[state.value]))
    if figure.failure is not None:
        code = str(figure.failure.get("code", ""))
        return Good(**said, failure=code, why=str(failure_text(figure.failure)))
    kg_per_unit = _kg_per_unit(footprint.unit, product)
    if kg_per_unit is None:
        return Good(**said, failure="no_mass", why=str(WHY["no_mass"]))
    return Good(**said, **_figures(figure, kg_per_unit))


def _figures(figure: ProfileFigure, kg_per_unit: float) -> dict[str, Any]:
    assert figure.kg_co2e is not None
    direct, indirect, total = (
        kg / kg_per_unit for kg in (figure.parts[DIRECT], figure.parts[INDIRECT], figure.kg_co2e)
    )
    own = next((each for each in figure.bridges if each["profile"] != PROFILE), None)
    bridge = None
    if own is not None:
        bridge = Bridge(
            own["kg_co2e"] / kg_per_unit,
            scaled({name: kg for name, kg in own["causes"].items() if kg}, kg_per_unit),
            scaled(_by_kind(figure.left_out), kg_per_unit),
            total,
        )
    return {"direct": direct, "indirect": indirect, "total": total, "bridge": bridge}


def _by_kind(left_out: Iterable[dict[str, Any]]) -> dict[str, float]:
    return {row["what"]: row["kg_co2e"] for row in left_out}


def _kg_per_unit(unit: str, product: Any) -> float | None:
    try:
        thing = Thing(product.unit, product.conversions or {}, product.lhv_mj_per_unit)
        return float(in_unit(Decimal(1), unit, "kg", thing)) or None
    except Fault:
        return None
