"""An address at which Chromium finds the pages of a test, that one thread makes and another sends."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse

NOT_SENT = {"set-cookie", "content-length", "cache-control", "cross-origin-opener-policy"}
"""Headers that are the sender's; and the one for which Chromium begins every page in a new process."""


@dataclass
class Asked:
    """A request of the browser's that waits for its answer."""

    method: str
    path: str
    headers: dict[str, str]
    data: bytes
    answer: HttpResponse | None = None
    is_over: Event = field(default_factory=Event)

    def end(self, answer: HttpResponse | None = None) -> None:
        """Send the answer; without one nobody waits for it any more."""
        self.answer = answer
        self.is_over.set()


class Host(ThreadingHTTPServer):
    """Sends what was written for an address and what is static at once, and puts all else in ``waiting``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Sender)
        self.written: dict[str, HttpResponse] = {}
        self.waiting: list[Asked] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def forget(self) -> None:
        """Nobody waits any more."""
        while self.waiting:
            self.waiting.pop().end()

    def handle_error(self, *_: Any) -> None:
        """A browser that left did not wait for its answer."""


class _Sender(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Host

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            return self._send_static(self.path.removeprefix("/static/").partition("?")[0])
        # what the page before still asks for can have the same address
        is_page = self.headers.get("Sec-Fetch-Mode") == "navigate"
        answer = self.server.written.pop(self.path, None) if is_page else None
        if answer is None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, data)
            self.server.waiting.append(asked)
            asked.is_over.wait()
            answer = asked.answer
        if answer is None:
            self.close_connection = True
            return None
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in NOT_SENT}
        return self._send(answer.status_code, answer.content, {**kept, "Cache-Control": "no-store"})

    do_POST = do_GET  # noqa: N815 - the names that the base class calls; pages send nothing else

    def _send_static(self, name: str) -> None:
        if not (file := finders.find(name)):
            return self._send(404, b"", {})
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self._send(
            200, Path(file).read_bytes(), {"Content-Type": kind, "Cache-Control": "max-age=3600"}
        )

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""
