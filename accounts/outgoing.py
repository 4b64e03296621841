"""The one way out: requests to addresses that members name, which must not become requests to ourselves.

The name is resolved once, every address it has must be public, and the connection is opened to an address
that was checked; the certificate and the Host header are those of the name. So what was checked is what is
asked, whatever the name says a moment later. No redirects, no proxies of the environment, nothing unpacked,
``SECONDS`` unless told otherwise, and ``MOST_BYTES`` in all. A refusal is one of our sentences and tells
nothing of what was found.

The operator may name origins that are called although they are not public (``PARTNER_ORIGINS``): a partner in
the same intranet, a test on one's own machine. Those alone may be numbers, local names, or without TLS.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from accounts.errors import Refusal, Text

SECONDS = 5.0
MOST_BYTES = 8 * 2**20
"""A page of a hundred footprints, each with eighty kilobytes, is an answer that partners give."""
CHUNK = 2**16
HTTP_PORT, HTTPS_PORT = 80, 443
LEAST_OTHER_PORT = 1024

# a name, and no number in any of the spellings that resolvers take for an address
HOST = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", re.I
)
# these carry or lead to another address, or are of no use to anybody
CARRIERS = tuple(
    ipaddress.ip_network(network)
    for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0/96",
                    "fec0::/10", "192.88.99.0/24", "100.64.0.0/10")
)  # fmt: skip

SENTENCES: dict[str, Text] = {
    "not_https": _("An address to call begins with https:// and names a host and nothing before it."),
    "bad_host": _("An address to call names its host, not a number, and a port of 443 or from 1024."),
    "not_public": _("This host is not in the public internet; the platform calls no other."),
    "no_answer": _("The host gave no answer that can be used."),
    "too_long": _("The answer was longer than 8 MB."),
    "redirected": _("The host redirects elsewhere; give the address that answers."),
}


def sentence_of(told: str) -> str:
    """What is kept of an attempt, for people: the codes of refusals as sentences, all else as it is."""
    return str(SENTENCES.get(told, told))


_resolvers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolve")


class Unreachable(Refusal):
    """The address may not be called, or did not answer as it should."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code], field="url", code=code)


@dataclass(frozen=True)
class Address:
    """An https address, taken apart and found well formed; or one of an origin that the operator named."""

    host: str
    port: int
    target: str
    is_named: bool = False
    is_secure: bool = True


@dataclass(frozen=True)
class Answer:
    """What came back, as it was sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def call(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    trust: ssl.SSLContext | None = None,
    origins: Collection[str] = (),
    seconds: float = SECONDS,
) -> Answer:
    """Ask an address that somebody else named; ``trust`` replaces the system's authorities.

    ``seconds``: for all of it, from the name to the last byte.
    ``origins`` are called as if the operator had named them: for commands, which are the operator's.

    Raises:
        Unreachable: it may not be called, or gave no usable answer within the limits.
    """
    address = address_of(url, origins)
    deadline = time.monotonic() + seconds
    connection = _connection(address, deadline, trust)
    try:
        with connection.ended_at(deadline):
            connection.request(
                method,
                address.target,
                body=body,
                headers={**(headers or {}), "Accept-Encoding": "identity", "Connection": "close"},
                preload_content=False,
                decode_content=False,
            )
            answer = _answer(connection.getresponse())
    except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
        raise Unreachable("no_answer") from error
    finally:
        connection.close()
    if connection.is_late:  # what was cut off by the clock can look like a whole answer
        raise Unreachable("no_answer")
    return answer


def may_be_called(url: str) -> None:
    """Pass for an address that has the form of one to call. Raises Unreachable."""
    address_of(url)


def address_of(url: str, origins: Collection[str] = ()) -> Address:
    """The parts of an address to call. Raises Unreachable."""
    try:
        parts = urlsplit(url)
        port = HTTPS_PORT if parts.port is None else parts.port
    except ValueError:
        raise Unreachable("bad_host") from None
    if f"{parts.scheme}://{parts.netloc}".lower() in {*settings.PARTNER_ORIGINS, *origins} and parts.hostname:
        is_secure = parts.scheme == "https"
        port = parts.port or (HTTPS_PORT if is_secure else HTTP_PORT)
        return Address(parts.hostname, port, _target(parts), is_named=True, is_secure=is_secure)
    if parts.scheme != "https" or parts.username is not None or parts.password is not None:
        raise Unreachable("not_https")
    if not HOST.fullmatch(parts.hostname or "") or (port != HTTPS_PORT and port < LEAST_OTHER_PORT):
        raise Unreachable("bad_host")
    return Address(str(parts.hostname), port, _target(parts))


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def is_public(number: str) -> bool:
    """Whether an address, as a resolver gives it, belongs to the public internet."""
    try:
        found = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if any(found in network for network in CARRIERS if network.version == found.version):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


class _Looking(HTTPConnection):
    """Connects to an address that was looked at, in the name of the host."""

    is_late = False
    _handle: socket.socket | None = None
    _place: tuple[Address, float]

    def _new_conn(self) -> socket.socket:
        for family, place in _places(*self._place):
            line = socket.socket(family, socket.SOCK_STREAM)
            try:
                line.settimeout(_left(self._place[1]))
                line.connect(place)
            except OSError:
                line.close()
                continue
            self._handle = line.dup()
            if self.is_late:
                self._hang_up()
            return line
        raise OSError

    @contextmanager
    def ended_at(self, deadline: float) -> Iterator[None]:
        """A timeout of a socket counts from byte to byte; this one counts everything."""
        clock = threading.Timer(_left(deadline), self._hang_up)
        clock.start()
        try:
            yield
        finally:
            clock.cancel()
            if self._handle is not None:
                self._handle.close()

    def _hang_up(self) -> None:
        self.is_late = True
        if self._handle is not None:
            try:
                self._handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


class _Checked(_Looking, HTTPSConnection):
    """The same, with TLS."""


def _connection(address: Address, deadline: float, trust: ssl.SSLContext | None) -> _Looking:
    made: _Looking
    if address.is_secure:
        made = _Checked(address.host, address.port, timeout=_left(deadline), ssl_context=trust or _trust())
    else:
        made = _Looking(address.host, address.port, timeout=_left(deadline))
    made._place = (address, deadline)
    return made


def _trust() -> ssl.SSLContext:
    """The system's authorities, and those the operator adds for partners."""
    context = ssl.create_default_context()
    if settings.PARTNER_CA_FILE:
        context.load_verify_locations(settings.PARTNER_CA_FILE)
    return context


def _places(address: Address, deadline: float) -> list[tuple[socket.AddressFamily, Any]]:
    """Where the host is. One address that is not public spoils them all, unless the operator named it."""
    asked = _resolvers.submit(socket.getaddrinfo, address.host, address.port, type=socket.SOCK_STREAM)
    try:
        found = asked.result(timeout=_left(deadline))
    except TooSlow:
        asked.cancel()
        raise OSError from None
    if not address.is_named and not all(is_public(str(place[0])) for *_, place in found):
        raise Unreachable("not_public")
    return [(family, place) for family, _kind, _protocol, _name, place in found]


def _answer(response: Any) -> Answer:
    if 300 <= response.status < 400:
        raise Unreachable("redirected")
    body = bytearray()
    while chunk := response.read(CHUNK, decode_content=False):
        body += chunk
        if len(body) > MOST_BYTES:
            raise Unreachable("too_long")
    return Answer(response.status, dict(response.headers), bytes(body))


def _left(deadline: float) -> float:
    return max(0.001, deadline - time.monotonic())
