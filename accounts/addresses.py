"""Network addresses: where a request comes from, and whether that is inside a list of networks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.errors import Refusal

Address = IPv4Address | IPv6Address
MOST_NETWORKS = 20


def address_of(request: HttpRequest) -> Address | None:
    """The caller's address: the socket's, or what the outermost of our own proxies was connected from.

    X-Forwarded-For is believed from the right, as many steps as there are proxies of ours; what stands
    further left, anybody can write.
    """
    claimed = str(request.META.get("REMOTE_ADDR", ""))
    if trusted := settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        steps = request.headers.get("X-Forwarded-For", "").split(",")
        claimed = steps[-trusted] if len(steps) >= trusted else ""
    try:
        found = ip_address(claimed.strip())
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def is_within(address: Address | None, networks: Iterable[str]) -> bool:
    """Whether the address lies in one of the networks; in none when nobody knows it."""
    return address is not None and any(address in ip_network(network) for network in networks)


def may_come_from(address: Address | None, networks: Sequence[str]) -> bool:
    """Whether somebody who was given these networks may come from the address; none says from anywhere."""
    return not networks or is_within(address, networks)


def networks_in(text: str, *, field: str = "networks") -> list[str]:
    """The networks a person typed, one a line or separated by commas, in CIDR notation.

    Raises:
        Refusal: no network, one with bits set behind its prefix, or more than fit.
    """
    words = text.replace(",", " ").split()
    if len(words) > MOST_NETWORKS:
        message = _("At most %(most)d networks fit here. Sum neighbours up to a larger one.")
        raise Refusal(message % {"most": MOST_NETWORKS}, field=field, code="too_many_networks")
    return list(dict.fromkeys(_network(word, field) for word in words))


def _network(word: str, field: str) -> str:
    try:
        found = ip_network(word)
    except ValueError:
        message = _(
            "“%(word)s” is no network in CIDR notation. Write 203.0.113.7 for one address or "
            "203.0.113.0/24 for a network that begins there."
        )
        raise Refusal(message % {"word": word[:60]}, field=field, code="invalid_network") from None
    if isinstance(found, IPv6Network) and found.network_address.ipv4_mapped:
        message = _("Write “%(word)s” as an IPv4 address.")
        raise Refusal(message % {"word": word[:60]}, field=field, code="invalid_network")
    return str(found)
