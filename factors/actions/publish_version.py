"""Publish a version of a factor. What was published before stays as it was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals, Text
from accounts.moving import WORDS
from accounts.policy import require
from accounts.review import Obstacle
from accounts.roles import Permission
from factors.actions.derive import derivation_faults
from factors.codes import WRONG
from factors.content import Emission, Fault, VersionContent, faults, jumps
from factors.models import Factor, FactorEmission, FactorVersion, GreenhouseGas, Source

SENTENCES: dict[str, Text] = {
    **{f"not_a_{name}": words for name, words in WRONG.items()},
    "no_emissions": _("State at least one emission."),
    "unknown_gas": _("The gas %(gas)s is not in the gas list."),
    "unknown_gwp_set": _("%(gwp_set)s is no GWP set of the list. Choose one, for example AR6."),
    "unknown_origin": _("%(origin)s is not an origin. Choose one from the list."),
    "not_finite": _("The amount of %(gas)s is not a number."),
    "too_fine": _(
        "At most %(digits)s digits of the amount of %(gas)s are kept, and none more than forty places behind "
        "the point. Enter the digits that are known."
    ),
    "negative": _("The amount of %(gas)s is negative. A removal is not recorded in an emission factor."),
    "absurd": _(
        "%(amount)s kg of %(gas)s per %(unit)s is more than anything emits (at most %(highest)s). "
        "Check the unit: t or kg, MJ or GJ."
    ),
    "dimension": _(
        "%(unit)s does not measure this kind: electricity is counted by energy, freight by mass times "
        "distance or by distance, fuel and heat by mass, volume or energy. Choose another unit or kind."
    ),
    "twice": _("%(gas)s of origin %(origin)s is stated twice. Add the two amounts."),
    "mixed": _("State either single gases or one total in CO2e, not both: they would be counted twice."),
    "scope": _("The scope is CO2 only, but other gases are stated. Choose all greenhouse gases."),
    "unknown_geography": _(
        "%(geography)s is not a place in the list. The nearest: %(near)s. Name one of the list."
    ),
    "year": _("The reference year must be from %(first)s to %(last)s."),
    "no_locator": _("Say where in the source the figure stands: table, page or sheet."),
    "uncertainty": _("The uncertainty (square of the geometric standard deviation) must be from 1 to 1000."),
    "gas_split": _(
        "What burning and processes emit is stated gas by gas: a total in CO2e could never be weighed again. "
        "State the single gases."
    ),
    "unknown_parent": _("%(parent)s is no version of the database. Give the uuids of its versions."),
    "withdrawn_parent": _("A version of %(parent)s that this is derived from was withdrawn."),
    "circle": _("This would be derived from itself: %(way)s. Take one of these out of the derivation."),
    "unknown_relation": _("%(relation)s is no way of deriving a figure. Choose one of the list."),
    "no_parents": _("Name the versions that it is derived from."),
    "average_of_few": _("An average is over two versions or more. Name them."),
    "one_parent": _("A figure is converted or adapted from one version. Of several it is an average."),
    "same_region": _("A figure that was adapted to another region holds for another place than its parent."),
    "jump": _(
        "%(gas)s moves from %(then)s to %(now)s kg per unit, twenty times or more. "
        "If the new figure is right, say that you have checked it."
    ),
}


STATED = (
    "geography", "reference_year", "scope", "boundary", "source_locator", "transcription", "technology",
    "gwp_set", "note_zh", "note_en", "uncertainty_gsd2",
)  # fmt: skip
"""The columns of a version that are the fields of its content, by the same names."""


class NothingNew(Refusal):
    """The same content is already a version of this factor."""

    code = "nothing_new"


def refusals(found: Iterable[Fault]) -> list[Refusal]:
    """Faults in words a person can act on."""
    return [
        Refusal(str(SENTENCES[fault.code]) % fault.figures, field=fault.field, code=fault.code)
        for fault in found
    ]


@transaction.atomic
def publish_version(
    factor: Factor,
    *,
    by: Actor,
    content: VersionContent,
    prepared_by: str,
    replaces: FactorVersion | None = None,
    is_jump_checked: bool = False,
    at: datetime | None = None,
) -> FactorVersion:
    """Publish version n+1. It supersedes ``replaces`` and what is published at the same place: the same
    source, geography, year, technology, scope and boundary. Versions of other years and sources stay.

    ``prepared_by``: the signature of the person whose work it is, which is never the curator's own.

    Raises:
        NotAllowed: only factor curators publish, and what somebody else prepared.
        Refusal: the source is unknown; what it takes the place of was superseded meanwhile.
        Refusals: everything wrong with the content.
        NothingNew: the factor has this very content already.
    """
    require(by, Permission.PUBLISH_FACTOR)
    of_two(by, prepared_by)
    now = at or timezone.now()
    with connection.cursor() as cursor:
        # two curators, or a curator and an import: the second waits and sees the first one's versions
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('factors.change_number'))")
    source = Source.objects.filter(code=content.source).first()
    if source is None:
        raise Refusal(_("This source is not in the source list."), field="source", code="unknown_source")
    before = list(factor.versions.select_related("source").prefetch_related("emissions").order_by("number"))
    _not_superseded(before, replaces)
    replaced = in_the_way(before, content, replaces)
    _check(factor, content, before, replaced, newest_year=now.year, is_jump_checked=is_jump_checked)
    for old in replaced:
        FactorVersion.objects.filter(pk=old.pk).update(
            status=FactorVersion.Status.SUPERSEDED, status_changed_at=now
        )
    version = FactorVersion.objects.create(
        **columns(content),
        factor=factor,
        number=max((old.number for old in before), default=0) + 1,
        source=source,
        published_at=now,
        published_by=by.name,
        prepared_by=prepared_by,
        supersedes=replaced[0] if replaced else withdrawn_before(before, content, replaces),
    )
    FactorEmission.objects.bulk_create(rows(version, content.emissions))
    return version


def _not_superseded(before: Iterable[FactorVersion], replaces: FactorVersion | None) -> None:
    """The place of what was superseded meanwhile is taken: its successor would stay as it is, unnoticed."""
    gone = next((old for old in before if old == replaces), None)
    if gone is not None and gone.status == FactorVersion.Status.SUPERSEDED:
        message = _(
            "Version %(number)s, whose place this would take, was superseded meanwhile. Send it back: who "
            "proposed it names another version, or none."
        )
        raise Refusal(str(message) % {"number": gone.number}, field="replaces", code="superseded_meanwhile")


def of_two(by: Actor, prepared_by: str) -> None:
    """What everybody reads takes two people: who prepared it, and the curator who decides.

    Raises:
        NotAllowed: they are the same, or nobody knows any more who prepared it.
    """
    if not prepared_by:
        raise NotAllowed(
            str(_("Whoever prepared this has no account any more. Somebody else has to hand it in anew.")),
            code="nobody_prepared_it",
        )
    if prepared_by == by.signature:
        raise NotAllowed(str(WORDS[Obstacle.SAME_PERSON]), code=Obstacle.SAME_PERSON.value)


def columns(content: VersionContent) -> dict[str, Any]:
    """The content as columns of a version, its source left out."""
    return {
        **{name: getattr(content, name) for name in STATED},
        "derivation": dict(content.derivation),
        "digest": content.digest(),
    }


def content_of(version: FactorVersion, emissions: Iterable[Emission]) -> VersionContent:
    """What a version says, as the content that a correction starts from."""
    stated = {name: getattr(version, name) for name in STATED}
    return VersionContent(
        **stated,
        emissions=tuple(emissions),
        source=version.source.code,
        derivation=dict(version.derivation),
    )


def rows(version: FactorVersion, emissions: Iterable[Emission]) -> list[FactorEmission]:
    """The emissions as rows of a version."""
    return [
        FactorEmission(version=version, gas=e.gas, origin=e.origin, kg_per_unit=e.kg_per_unit)
        for e in emissions
    ]


def place_of(version: FactorVersion) -> tuple[str, str, int, str, str, str]:
    """As ``VersionContent.place``: one version of a factor is published at each place."""
    return (
        version.source.code,
        version.geography,
        version.reference_year,
        version.technology,
        version.scope,
        version.boundary,
    )


def in_the_way(
    before: Iterable[FactorVersion], content: VersionContent, replaces: FactorVersion | None
) -> list[FactorVersion]:
    """What the new content supersedes, the version that was named first."""
    found = [
        old
        for old in before
        if old.status == FactorVersion.Status.PUBLISHED
        and (old == replaces or place_of(old) == content.place)
    ]
    return sorted(found, key=lambda old: old != replaces)


def withdrawn_before(
    before: Iterable[FactorVersion], content: VersionContent, replaces: FactorVersion | None = None
) -> FactorVersion | None:
    """The withdrawn version that was named, else the last one that was withdrawn at this place: the new
    content is offered to those who still use it.
    """
    gone = [
        old
        for old in before
        if old.status == FactorVersion.Status.WITHDRAWN
        and (old == replaces or place_of(old) == content.place)
    ]
    return max(gone, key=lambda old: (old == replaces, old.number), default=None)


def _check(
    factor: Factor,
    content: VersionContent,
    before: Iterable[FactorVersion],
    replaced: Iterable[FactorVersion],
    *,
    newest_year: int,
    is_jump_checked: bool,
) -> None:
    gases = set(GreenhouseGas.objects.values_list("code", flat=True))
    found = faults(content, factor.unit, gases, newest_year=newest_year, kind=factor.kind)
    found += derivation_faults(factor, content)
    if not found and not is_jump_checked:
        for old in replaced:
            found += jumps(content.emissions, [_as_content(row) for row in old.emissions.all()])
    if found:
        raise Refusals(refusals(found))
    refuse_double(content, ((old.number, old.status, old.digest) for old in before))


def refuse_double(content: VersionContent, before: Iterable[tuple[int, str, str]]) -> None:
    """Versions of a factor are told apart by what they say; ``before`` has number, status and digest of each.

    Raises:
        NothingNew: one of them says just this.
    """
    digest = content.digest()
    for number, status, known in before:
        if known != digest:
            continue
        if status == FactorVersion.Status.PUBLISHED:
            told = _("Version %(number)s of this factor says exactly this already.")
        else:
            told = _(
                "Version %(number)s of this factor said exactly this and does not stand any more. If it "
                "holds after all, say why in a note: that makes it a new version."
            )
        raise NothingNew(told % {"number": number})


def _as_content(row: FactorEmission) -> Emission:
    return Emission(row.gas, row.origin, row.kg_per_unit)
