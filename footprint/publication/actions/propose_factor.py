"""An owner offers a published figure to everybody as a factor: the total alone, nothing behind it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import uuid5

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from factors import units
from factors.actions.propose import described, propose
from factors.content import Emission, VersionContent
from factors.models import Factor, FactorProposal, FactorVersion, Source
from factors.models.source import Transcription
from factors.origins import CO2E, Origin
from footprint.inventory.models import Product
from footprint.publication.models import Publication

RECIPE = "member_footprint"
OPEN = (Publication.Visibility.ALLIANCE, Publication.Visibility.PUBLIC)
CODE_LENGTH = 120
APART = 12
HS_DIGITS = 6
"""Of a code of the Combined Nomenclature."""
COUNTRY = "CN"
"""A province would tell which plant it is."""


@transaction.atomic
def propose_publication(
    publication: Publication, *, by: Actor, consents: bool, reason: str = "", at: datetime
) -> FactorProposal:
    """Propose the figure as it was signed, in the owner's name; it is screened and reviewed like any other.

    ``consents``: that every member may calculate with it. The licence follows whom the publication is meant
    for: what is public may be passed on, what is the alliance's stays on the platform.

    Raises:
        NotAllowed: only who proposes factors for the owner.
        Refusal: no consent, not published, not meant for all members, or of another unit than before.
        Refusals, NothingNew: as ``factors.actions.propose`` says.
    """
    require(by, Permission.PROPOSE_FACTOR, company_id=publication.company_id)
    if not consents:
        message = _("Say that every member may calculate with this figure; without that it stays as it is.")
        raise Refusal(message, field="consents", code="no_consent")
    if publication.state != Publication.State.PUBLISHED:
        raise Refusal(_("Only what is published now can become a factor."), code="not_published")
    if publication.visibility not in OPEN:
        message = _("This publication is not meant for all members. Publish it for them first.")
        raise Refusal(message, field="visibility", code="not_open")
    content = VersionContent(
        emissions=(Emission(CO2E, Origin.UNSPECIFIED.value, Decimal(repr(publication.kg_co2e_ar6))),),
        geography=COUNTRY,
        reference_year=publication.period_end.year,
        scope=FactorVersion.Scope.CO2E,
        boundary=FactorVersion.Boundary.CRADLE_TO_GATE,
        gwp_set="AR6",
        source=_source(publication).code,
        source_locator=f"publication {publication.uuid}",
        transcription=Transcription.OFFICIAL,
        derivation={
            "recipe": RECIPE,
            "publication": str(publication.uuid),
            "content_hash": publication.content_hash,
        },
    )
    thing = _thing(publication)
    return propose(thing, by=by, company=publication.company, content=content, reason=reason, at=at)


def _thing(publication: Publication) -> Factor:
    """What earlier figures of this product from this site became, else a new one. Raises Refusal."""
    company, product, site = publication.company, publication.product, publication.inventory.site
    same = Publication.objects.filter(product=product, inventory__site=site).values_list("uuid", flat=True)
    earlier = Q(versions__derivation__publication__in=[str(uuid) for uuid in same])
    found = Factor.objects.filter(earlier, company=None).order_by("pk").first()
    if found is not None:
        _check_unit(found, publication)
        return found
    # a slug is not the code, and a site is not to be told: what tells two factors apart is neither
    apart = uuid5(product.uuid, str(site.uuid)).hex[:APART]
    code = f"{slugify(f'{company.code}-{product.code}')[: CODE_LENGTH - APART - 1]}-{apart}".strip("-")
    energetic = units.dimension(publication.unit) is units.Dimension.ENERGY
    stated = {
        "code": code,
        "name_zh": f"{publication.name_zh}（{company.name_zh}）"[:200],
        "name_en": f"{publication.name_en} ({company.name_en})"[:200],
        "kind": Factor.Kind.PROCESS if energetic else Factor.Kind.MATERIAL,
        "unit": publication.unit,
        **_codes(product),
    }
    return described(stated)


def _codes(product: Product) -> dict[str, str]:
    """What the product is in trade: by these the factor is found and held against others of its kind."""
    category = product.category
    hs = product.cn_code[:HS_DIGITS] or (category.hs_code if category else "")
    return {"hs": hs, "cpc": category.cpc_code if category else ""}


def _check_unit(factor: Factor, publication: Publication) -> None:
    if factor.unit != publication.unit:
        message = _(
            "The factor of this product is per %(factor)s, this publication per %(publication)s. Publish the "
            "product per %(factor)s, or propose a factor of its own."
        )
        words = {"factor": factor.unit, "publication": publication.unit}
        raise Refusal(message % words, field="unit", code="other_unit")


def _source(publication: Publication) -> Source:
    """Footprints that a company published, with what it lets leave."""
    company = publication.company
    is_public = publication.visibility == Publication.Visibility.PUBLIC
    redistribution = Source.Redistribution.YES if is_public else Source.Redistribution.NO
    is_plain = slugify(company.code) == company.code.lower()
    name = company.code if is_plain else company.uuid.hex[:APART]
    made, _is_new = Source.objects.get_or_create(
        code=slugify(f"footprints-{name}-{redistribution}"),
        defaults={
            "title_zh": f"{company.name_zh}发布的产品碳足迹",
            "title_en": f"Footprints published by {company.name_en}",
            "publisher": company.name_en,
            "year": publication.period_end.year,
            "licence": "Published for everybody" if is_public else "Published for members of the alliance",
            "redistribution": redistribution,
        },
    )
    return made
