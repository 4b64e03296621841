"""The wire of the runner: the one way out, its refusals as an answer of status 0."""

from __future__ import annotations

import ssl
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from accounts import outgoing
from footprint.partners.conformance.asking import Send


def over_the_wire(*, origins: Collection[str] = (), trust: ssl.SSLContext | None = None) -> Send:
    """How requests of a run leave; ``origins`` may be called although they are not public.

    Where nothing came back the answer is the code of the reason.
    """

    def send(
        method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        try:
            answer = outgoing.call(method, url, body=body, headers=headers, trust=trust, origins=origins)
        except outgoing.Unreachable as error:
            return 0, {}, error.code.encode()
        return answer.status, answer.headers, answer.body

    return send


def both_origins(url: str) -> list[str]:
    """An address with and without TLS, to try that the latter gives nothing."""
    netloc = urlsplit(url).netloc.lower()
    return [f"https://{netloc}", f"http://{netloc}"]


def may_go_plainly(url: str) -> bool:
    """Whether the operator named the address without TLS, too."""
    try:
        outgoing.may_be_called(urlsplit(url)._replace(scheme="http").geturl())
    except outgoing.Unreachable:
        return False
    return True
