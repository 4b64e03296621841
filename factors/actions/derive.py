"""What a version is derived from: it has to be there, and must not lead back to its own factor."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from factors.circles import circle
from factors.content import PARENTS, Fault, VersionContent
from factors.models import Factor, FactorVersion
from factors.relations import relation_faults


def derivation_faults(factor: Factor, content: VersionContent) -> Iterator[Fault]:
    """Parents that are no versions, were withdrawn, do not fit what is said of them, or were worked out from
    this very factor.
    """
    given = [str(each) for each in content.derivation.get(PARENTS, ())]
    known = _versions(given)
    yield from relation_faults(content.derivation, content.geography, list(known.values()))
    for each in given:
        if each not in known:
            yield Fault("unknown_parent", PARENTS, {"parent": each[:40]})
        elif known[each].status == FactorVersion.Status.WITHDRAWN:
            yield Fault("withdrawn_parent", PARENTS, {"parent": str(known[each].factor)})
    if factor.pk is None or not given:
        return
    parents = {version.factor_id for version in known.values()}
    way = circle(factor.pk, parents, _derived_from(parents))
    if way:
        codes = dict(Factor.objects.filter(pk__in=way).values_list("pk", "code"))
        yield Fault("circle", PARENTS, {"way": " → ".join(codes[key] for key in way)})


def _versions(given: Collection[str]) -> dict[str, FactorVersion]:
    uuids = []
    for each in given:
        try:
            uuids.append(UUID(each))
        except ValueError:
            continue
    found = FactorVersion.objects.filter(uuid__in=uuids).select_related("factor")
    return {str(version.uuid): version for version in found}


def _derived_from(factors: Collection[int]) -> Mapping[int, set[int]]:
    """From these factors on, upwards: which factor has versions that were derived from which."""
    found: dict[int, set[int]] = {}
    waiting = set(factors)
    while waiting:
        rows = FactorVersion.objects.filter(factor_id__in=waiting, derivation__has_key=PARENTS)
        named = list(rows.values_list("factor_id", "derivation"))
        known = _versions({str(each) for _key, derivation in named for each in derivation[PARENTS]})
        found |= {key: set() for key in waiting}
        for key, derivation in named:
            found[key] |= {known[str(e)].factor_id for e in derivation[PARENTS] if str(e) in known}
        waiting = {parent for key in waiting for parent in found[key]} - set(found)
    return found
