"""Footprints that the actor may compare: publications, pinned versions, received documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.actor import Actor
from accounts.forms import named
from footprint.partners.pact import dialect
from footprint.partners.pact.texts import exact_json
from footprint.partners.queries import received
from footprint.publication.queries import publications
from footprint.sharing import queries
from footprint.sharing.comparing import Side
from footprint.sharing.procedure import GIVEN
from footprint.sharing.stated import from_content, from_pact

OFFERED, MOST = 200, 6


def choices(actor: Actor) -> list[tuple[str, str]]:
    """What can be chosen, by key, each with what it is called."""
    out = publications(actor).filter(state="published")[:OFFERED]
    pinned = queries.asked_by_us(actor).filter(mode="pinned", state__in=GIVEN)[:OFFERED]
    came = received(actor).defer("original", "findings")[:OFFERED]
    return [
        *((f"publication:{each.uuid}", f"{named(each)} {each.year} · {named(each.company)}") for each in out),
        *(
            (f"pinned:{each.uuid}", f"{each.wanted} · {named(each.supplier)}")
            for each in pinned
            if each.is_given
        ),
        *((f"received:{each.uuid}", f"{each.product_name} · {each.connection.name}") for each in came),
    ]


def sides(actor: Actor, keys: Sequence[str]) -> list[Side]:
    """Those of the keys that exist for the actor, in their order, each once."""
    found = (_side(actor, key) for key in list(dict.fromkeys(keys))[:MOST])
    return [each for each in found if each is not None]


def _side(actor: Actor, key: str) -> Side | None:
    sort, _colon, given = key.partition(":")
    try:
        wanted = UUID(given)
    except ValueError:
        return None
    finder = FINDERS.get(sort)
    return finder(actor, key, wanted) if finder else None


def _publication(actor: Actor, key: str, wanted: UUID) -> Side | None:
    found = publications(actor).filter(uuid=wanted).exclude(jws="").first()
    if found is None:
        return None
    label = f"{named(found)} {found.year} · {named(found.company)}"
    return _of_content(key, label, reverse("publication:publication", args=[found.uuid]), found.content)


def _pinned(actor: Actor, key: str, wanted: UUID) -> Side | None:
    found = queries.asked_by_us(actor).filter(uuid=wanted).first()
    if found is None or found.content is None or not found.is_given:
        return None
    label = f"{found.wanted} · {named(found.supplier)}"
    return _of_content(key, label, reverse("sharing:request", args=[found.uuid]), found.content)


def _received(actor: Actor, key: str, wanted: UUID) -> Side | None:
    found = received(actor).filter(uuid=wanted).first()
    if found is None:
        return None
    document = exact_json(found.original)
    stated = from_pact(dialect.from_v2(document) if found.speaks == 2 else document)
    label = f"{found.product_name} · {found.connection.name}"
    return Side(key, label, reverse("partners:received", args=[found.uuid]), stated)


def _of_content(key: str, label: str, href: str, content: Mapping[str, Any]) -> Side:
    # another version of a profile may order another GWP set: it is another profile here
    figures = {
        f"{each['profile']} v{each['number']}": Decimal(each["pcf"])
        for each in content["byProfile"]
        if each.get("pcf")
    }
    return Side(key, label, href, from_content(content), figures)


FINDERS = {"publication": _publication, "pinned": _pinned, "received": _received}
