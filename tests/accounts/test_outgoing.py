"""Addresses that members name reach the public internet and nothing of ours."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from accounts import outgoing
from accounts.outgoing import Unreachable, address_of, call, is_public

NAME = "partner.example"
OURS = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::1",
    "2001:0:7f00:1::1", "100::1", "no address",
]  # fmt: skip
THEIRS = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2001:4860:4860::8888"]
NUMBERS = [
    "127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1",
    "[::1]", "[::ffff:127.0.0.1]", "1.2.3.4", "8.8.8.8.", "localhost", "intranet", "metadata", "a..b.com",
    "-a.com", "a_b.com", "１２７.0.0.1", "127。0。0。1", "ⓛocalhost.com", "a.com%00.b", "", "a" * 64 + ".com",
    ".".join(["abcdefgh"] * 30) + ".com",
]  # fmt: skip
SCHEMES = [
    "http://a.example/", "ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "//a.example/",
    "a.example", "https://user@a.example/", "https://user:word@a.example/", "https://@a.example/",
]  # fmt: skip


def refused(url: str) -> str:
    with pytest.raises(Unreachable) as refusal:
        call("POST", url, body=b"{}")
    return refusal.value.code


@pytest.mark.parametrize("number", OURS)
def test_no_address_of_ours_is_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", THEIRS)
def test_addresses_of_others_are_public(number: str) -> None:
    assert is_public(number)


@given(st.ip_addresses(v=4))
def test_an_address_in_disguise_is_never_public(inner: ipaddress.IPv4Address) -> None:
    for network in ("::ffff:0:0", "64:ff9b::", "::"):
        assert not is_public(str(ipaddress.IPv6Address(int(ipaddress.IPv6Address(network)) + int(inner))))
    assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) + (int(inner) << 80))))
    assert not is_public(str(inner)) or inner.is_global


@pytest.mark.parametrize("host", NUMBERS)
def test_a_host_is_a_name(host: str) -> None:
    assert refused(f"https://{host}/callback") in ("bad_host", "not_https")


@pytest.mark.parametrize("url", SCHEMES)
def test_only_https_and_nobodys_password(url: str) -> None:
    assert refused(url) == "not_https"


@pytest.mark.parametrize("port", ["0", "22", "25", "80", "1023", "65536", "-1", "x"])
def test_only_ports_of_servers_for_everybody(port: str) -> None:
    assert refused(f"https://a.example:{port}/") == "bad_host"


def test_an_address_is_taken_apart() -> None:
    assert address_of("https://A.Example:8443/x/y?z=1#part") == outgoing.Address(
        "a.example", 8443, "/x/y?z=1"
    )
    assert address_of("https://a.example").target == "/"


@dataclass
class Listener:
    """Somebody on this very machine, who notes every connection."""

    port: int
    heard: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    connections: int = 0


Serve = Callable[..., Listener]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    place = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return place


@pytest.fixture
def serve(certificate: Path) -> Iterator[Serve]:
    """Answers every request with the pieces given, over TLS."""
    sockets: list[socket.socket] = []

    def listen(*pieces: bytes, pause: float = 0.0) -> Listener:
        door = socket.create_server(("127.0.0.1", 0))
        sockets.append(door)
        found = Listener(door.getsockname()[1])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _line, name, _context: found.names.append(name)
        stop = threading.Event()

        def answer() -> None:
            while True:
                line, _ = door.accept()
                found.connections += 1
                with suppress(OSError), context.wrap_socket(line, server_side=True) as safe:
                    said = b""
                    while not said.endswith(b"}") and (more := safe.recv(65536)):
                        said += more
                    found.heard.append(said)
                    for piece in pieces:
                        safe.sendall(piece)
                        stop.wait(pause)

        def forever() -> None:
            with suppress(OSError):
                answer()

        threading.Thread(target=forever, daemon=True).start()
        return found

    yield listen
    for door in sockets:
        door.close()


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Lets a name resolve to these addresses, one list for each time it is asked; what was asked."""

    def to(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
            asked.append(host)
            numbers = answers[min(len(asked), len(answers)) - 1]
            families = [socket.AF_INET6 if ":" in number else socket.AF_INET for number in numbers]
            return [(f, 1, 6, "", (number, port)) for f, number in zip(families, numbers, strict=True)]

        monkeypatch.setattr(outgoing.socket, "getaddrinfo", getaddrinfo)
        return asked

    return to


@pytest.mark.parametrize("number", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "0.0.0.0"])
def test_a_name_that_leads_here_is_not_called(serve: Serve, resolved: Any, number: str) -> None:
    listener = serve(b"HTTP/1.1 200 OK\r\n\r\n")
    resolved([number])
    assert refused(f"https://{NAME}:{listener.port}/") == "not_public"
    resolved(["8.8.8.8", number])
    assert refused(f"https://{NAME}:{listener.port}/") == "not_public"
    assert listener.connections == 0


def test_a_name_that_changes_its_mind_is_called_where_it_was_checked(
    serve: Serve, resolved: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it is looked at, ours a moment later."""
    listener = serve(b"HTTP/1.1 200 OK\r\n\r\n")
    asked = resolved(["8.8.8.8"], ["127.0.0.1"])
    places: list[Any] = []

    class Watched(socket.socket):
        def connect(self, place: Any) -> None:
            places.append(place)
            raise ConnectionRefusedError

    monkeypatch.setattr(outgoing.socket, "socket", Watched)
    assert refused(f"https://{NAME}:{listener.port}/") == "no_answer"
    assert (asked, places) == ([NAME], [("8.8.8.8", listener.port)])
    assert listener.connections == 0


@pytest.fixture
def reachable(resolved: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """For once, this machine counts as the internet."""
    resolved(["127.0.0.1"])
    monkeypatch.setattr(outgoing, "is_public", lambda number: True)


@pytest.fixture
def trust(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def ask(listener: Listener, trust: ssl.SSLContext | None, path: str = "/callback?a=1") -> outgoing.Answer:
    return call("POST", f"https://{NAME}:{listener.port}{path}", body=b'{"a":1}', trust=trust)


def code(listener: Listener, trust: ssl.SSLContext | None) -> str:
    with pytest.raises(Unreachable) as refusal:
        ask(listener, trust)
    return refusal.value.code


@pytest.mark.usefixtures("reachable")
def test_the_name_is_what_is_asked_for(serve: Serve, trust: ssl.SSLContext) -> None:
    listener = serve(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX-A: b\r\n\r\nok")
    answer = ask(listener, trust)
    assert (answer.status, answer.body, answer.headers["X-A"]) == (201, b"ok", "b")
    (said,) = listener.heard
    assert said.startswith(b"POST /callback?a=1 HTTP/1.1\r\n")
    assert f"Host: {NAME}:{listener.port}".encode() in said
    assert listener.names == [NAME]


@pytest.mark.usefixtures("reachable")
def test_a_certificate_of_nobody_we_know(serve: Serve) -> None:
    listener = serve(b"HTTP/1.1 200 OK\r\n\r\n")
    assert code(listener, None) == "no_answer"
    assert listener.heard == []


@pytest.mark.usefixtures("reachable")
def test_redirects_are_not_followed(serve: Serve, trust: ssl.SSLContext) -> None:
    elsewhere = serve(b"HTTP/1.1 200 OK\r\n\r\n")
    there = f"https://{NAME}:{elsewhere.port}/".encode()
    listener = serve(b"HTTP/1.1 307 Temporary\r\nContent-Length: 0\r\nLocation: " + there + b"\r\n\r\n")
    assert code(listener, trust) == "redirected"
    assert elsewhere.connections == 0


@pytest.mark.usefixtures("reachable")
def test_a_long_answer_is_cut_off(serve: Serve, trust: ssl.SSLContext) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"
    assert code(serve(head, *[bytes(2**16)] * 130), trust) == "too_long"


@pytest.mark.usefixtures("reachable")
def test_a_page_of_a_hundred_large_footprints_is_read(serve: Serve, trust: ssl.SSLContext) -> None:
    size = 100 * 70_000
    listener = serve(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size, bytes(size))
    assert len(ask(listener, trust).body) == size


@pytest.mark.usefixtures("reachable")
def test_a_packed_answer_is_not_unpacked(serve: Serve, trust: ssl.SSLContext) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n"
    assert ask(serve(head + b"\x1f\x8b\x08\x00"), trust).body == b"\x1f\x8b\x08\x00"


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"])
def test_an_answer_that_drips_ends_at_the_deadline(serve: Serve, trust: ssl.SSLContext, head: bytes) -> None:
    """Each byte comes in time, the whole never would."""
    listener = serve(head, *[b"X"] * 1000, pause=0.05)
    with pytest.raises(Unreachable) as refusal:
        call("GET", f"https://{NAME}:{listener.port}/", trust=trust, seconds=0.6)
    assert refusal.value.code == "no_answer"


@pytest.mark.usefixtures("reachable")
def test_nonsense_is_no_answer_and_is_not_repeated(serve: Serve, trust: ssl.SSLContext) -> None:
    secret = b"root:x:0:0"
    listener = serve(secret + b"\r\n\r\n")
    with pytest.raises(Unreachable) as refusal:
        ask(listener, trust)
    assert refusal.value.code == "no_answer"
    assert secret.decode() not in str(refusal.value)


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize("path", ["/a\r\nX-Evil: 1", "/a b", "/\x00"])
def test_nothing_is_smuggled_into_the_request(serve: Serve, trust: ssl.SSLContext, path: str) -> None:
    listener = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    with suppress(Unreachable):
        ask(listener, trust, path)
    assert all(b"\r\nX-Evil" not in said and b"\x00" not in said for said in listener.heard)
