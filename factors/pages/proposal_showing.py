"""A proposal before people: what it states, where it lies among its peers, and what screening said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.charts import StripChart
from accounts.figures import is_chinese, name
from accounts.templatetags.figures import translated
from factors import proposal_words as words
from factors import queries, units
from factors.actions.publish_version import in_the_way, withdrawn_before
from factors.actions.screen import Screened, screened
from factors.content import PARENTS, RELATION, Relation, VersionContent
from factors.finding_words import sentence
from factors.geographies import place_name
from factors.licence import withheld
from factors.models import Factor, FactorProposal, Source
from factors.models.factor import FactorVersion
from factors.models.source import Transcription
from factors.origins import ORIGIN_LABELS, Origin
from factors.pages.forms import version_words
from factors.pages.showing import chosen
from factors.pages.words import RELATION_WORDS, table_name
from factors.peers import ENOUGH, Peer


@dataclass(frozen=True)
class Stated:
    """One gas."""

    gas: str
    origin: str
    kg: Decimal


def shown(actor: Actor, found: FactorProposal) -> dict[str, Any]:
    """What the page says about the content."""
    content, factor = found.stated, found.factor or Factor(**found.described)
    result = screened(actor, factor, content)
    return {
        "stated": content,
        "unit": units.display(found.unit),
        "lines": lines_of(content),
        "is_kept": _is_kept(content, ()),
        "facts": [
            *_subject(factor),
            *facts_of(actor, content),
            (_("Takes the place of"), _replaced(actor, found)),
        ],
        "findings": [(sentence(one["code"], one["figures"]), one["severity"]) for one in found.findings],
        "held_against": _held_against(result),
        "peers": _strip(found, result.figure, result.peers, result.group),
    }


def _subject(factor: Factor) -> list[tuple[str, Any]]:
    """What it is a figure of."""
    named = [
        (_("Code"), factor.code),
        (_("Name in Chinese"), factor.name_zh),
        (_("Name in English"), factor.name_en),
        (_("Kind"), Factor.Kind(factor.kind).label),
        (_("Table"), table_name(factor.category)),
    ]
    return [(label, value) for label, value in named if value]


def _held_against(result: Screened) -> str:
    """How much the screening had to go by, for whoever sees that it found nothing."""
    count = len(result.peers)
    if count < ENOUGH:
        few = ngettext(
            "%(count)d published figure is of the same flow, too few to tell an outlier by.",
            "%(count)d published figures are of the same flow, too few to tell an outlier by.",
            count,
        )
        return few % {"count": count}
    return _("It was held against %(count)d published figures.") % {"count": count}


def lines_of(content: VersionContent) -> list[Stated]:
    """Gas by gas."""
    index = 0 if is_chinese(get_language() or "zh-hans") else 1
    return [
        Stated(one.gas, ORIGIN_LABELS[Origin(one.origin)][index], one.kg_per_unit)
        for one in content.emissions
    ]


def facts_of(actor: Actor, content: VersionContent) -> list[tuple[str, Any]]:
    """Everything else that a content states, in words; what it leaves open is left out."""
    language = get_language() or "zh-hans"
    source = queries.sources(actor).filter(code=content.source).first()
    parents = content.derivation.get(PARENTS, ())
    always = [
        (_("Place"), place_name(content.geography, language)),
        (_("Reference year"), content.reference_year),
        (_("Gases counted"), FactorVersion.Scope(content.scope).label),
        (_("Boundary"), FactorVersion.Boundary(content.boundary).label),
        (_("Source"), name(source, language) if source else content.source),
        (_("Where in the source"), translated(content.source_locator)),
        (_("Licence"), withheld(source) if source and withheld(source) else _("Numbers may be passed on.")),
        (_("Checked"), Transcription(content.transcription).label),
    ]
    gsd2 = content.uncertainty_gsd2
    perhaps = [
        (_("Technology"), content.technology),
        (_("GWP set of a CO2e total"), content.gwp_set),
        (_("Uncertainty (GSD²)"), None if gsd2 is None else f"{gsd2.normalize():f}"),
        (_relation(content), _("Versions: %(count)d") % {"count": len(parents)} if parents else ""),
        (_("Note in Chinese"), content.note_zh),
        (_("Note in English"), content.note_en),
    ]
    return [*always, *((label, value) for label, value in perhaps if value)]


def _relation(content: VersionContent) -> str:
    """What its parents are to it."""
    return str(RELATION_WORDS[content.derivation.get(RELATION, Relation.DERIVED)])


def _replaced(actor: Actor, found: FactorProposal) -> str:
    """The versions that it would end or has ended, in words."""
    language = get_language() or "zh-hans"
    if found.published is not None:
        old = found.published.supersedes
        return version_words(old, language) if old else _("No version: all of them stay as they are.")
    versions = list(queries.versions(actor, found.factor)) if found.factor else []
    ended = in_the_way(versions, found.stated, found.replaces)
    gone = None if ended else withdrawn_before(versions, found.stated, found.replaces)
    told = [version_words(old, language) for old in (*ended, *([gone] if gone else ()))]
    return "; ".join(told) or _("No version: all of them stay as they are.")


@dataclass(frozen=True)
class Change:
    """One thing that a proposal states otherwise since it was handed in again."""

    label: str
    before: str
    after: str


def changes_of(actor: Actor, found: FactorProposal) -> dict[int, list[Change]]:
    """What each step that handed the proposal in again changed, by the step's key."""
    steps = list(found.steps.exclude(former_content=None).order_by("pk"))
    contents = [*(VersionContent.from_json(step.former_content or {}) for step in steps), found.stated]
    targets = [*(step.former_target or {} for step in steps), found.target]
    numbers = _numbers(actor, targets)
    told = [
        _told(actor, content) | _aim(target, numbers)
        for content, target in zip(contents, targets, strict=True)
    ]
    return {
        step.pk: [
            Change(label, before.get(label, "—"), after.get(label, "—"))
            for label in dict.fromkeys([*before, *after])
            if before.get(label) != after.get(label)
        ]
        for step, before, after in zip(steps, told, told[1:], strict=False)
    }


def _aim(target: Mapping[str, Any], numbers: Mapping[str, str]) -> dict[str, str]:
    """What it was about, in words."""
    labels = {
        "code": _("Code"), "name_zh": _("Name in Chinese"), "name_en": _("Name in English"),
        "category": _("Table"), "cas": _("CAS number"), "cpc": _("CPC code"), "hs": _("HS code"),
    }  # fmt: skip
    names = {str(label): target[name] for name, label in labels.items() if target.get(name)}
    replaces = target.get("replaces")
    return names | ({_("Takes the place of"): numbers.get(replaces, "—")} if replaces else {})


def _numbers(actor: Actor, targets: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The versions that were named, in words."""
    named = {each["replaces"] for each in targets if each.get("replaces")}
    language = get_language() or "zh-hans"
    rows = queries.all_versions(actor).filter(uuid__in=named) if named else ()
    return {str(row.uuid): version_words(row, language) for row in rows}


def _told(actor: Actor, content: VersionContent) -> dict[str, str]:
    facts = {label: str(value) for label, value in facts_of(actor, content)}
    return {f"{one.gas} · {one.origin}": f"{one.kg.normalize():f}" for one in lines_of(content)} | facts


def in_whose_place(actor: Actor, found: FactorProposal) -> FactorVersion | None:
    """The version whose lines it would take: the one it would supersede, else what a reader gets.

    None of a new factor, nor once it is published: then the two versions are compared.
    """
    if found.factor is None or found.published_id is not None:
        return None
    versions = list(queries.versions(actor, found.factor))
    superseded = in_the_way(versions, found.stated, found.replaces)
    return next(iter(superseded), None) or chosen(versions, "")


def _strip(
    found: FactorProposal, figure: Decimal | None, peers: tuple[Peer, ...], group: str
) -> StripChart | None:
    """Where the figure lies among its peers, when there are enough of them."""
    stated, label = found.stated, _("Proposed figure")
    is_kept = _is_kept(stated, peers)
    return strip(figure, found.unit, stated.scope, peers, group, label, is_kept=is_kept)


def _is_kept(content: VersionContent, peers: Sequence[Peer]) -> bool:
    """Whether a licence keeps the figure, or one of its peers, on the platform."""
    sources = [*Source.objects.filter(code=content.source), *(peer.version.source for peer in peers)]
    return not all(source.may_be_passed_on for source in sources)


def strip(
    figure: Decimal | None, unit: str, scope: str, peers: tuple[Peer, ...], group: str, label: str,
    *, is_kept: bool,
) -> StripChart | None:  # fmt: skip
    """A figure on a line against the median of its peers and the range they span."""
    if figure is None or len(peers) < ENOUGH:
        return None
    values = sorted(float(peer.value) for peer in peers)
    gas = "CO2" if scope == FactorVersion.Scope.CO2 else "CO2e"
    return StripChart(
        id="peers",
        title=_("Among its peers"),
        is_kept=is_kept,
        unit=f"kg {gas} / {units.display(unit)}",
        own=float(figure),
        own_label=label,
        median=median(values),
        low=values[0],
        high=values[-1],
        notes=[_("%(group)s: %(count)d.") % {"group": words.GROUPS[group], "count": len(values)}],
    )
