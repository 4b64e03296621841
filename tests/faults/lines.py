"""Connections that can go silent: whoever calls over one waits, as when packets are lost on the way."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

CHUNK = 65_536


class Line:
    """A port of this machine that leads to the socket of a server, until it is cut."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self._whole, self._ended = threading.Event(), False
        self._whole.set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: set[socket.socket] = set()
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._answer, daemon=True).start()

    def cut(self) -> None:
        """Nothing arrives any more, in either direction. New calls are taken up and not answered."""
        self._whole.clear()

    def mend(self) -> None:
        """What was on its way arrives."""
        self._whole.set()

    def tear(self) -> None:
        """Every call there is breaks off, as when a router forgot it."""
        for end in list(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Take it away."""
        self._ended = True
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.tear()
        self.mend()

    def _answer(self) -> None:
        while not self._ended:
            with suppress(OSError):
                near, _ = self._door.accept()
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        self._whole.wait()
        far = socket.socket(socket.AF_UNIX)
        self._ends |= {near, far}
        try:
            far.connect(str(self.target))
        except OSError:
            self._hang_up(near, far)
            return
        threading.Thread(target=self._carry, args=(far, near), daemon=True).start()
        self._carry(near, far)

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(CHUNK):
                self._whole.wait()
                other.sendall(said)
        self._hang_up(one, other)

    def _hang_up(self, *ends: socket.socket) -> None:
        for end in ends:
            self._ends.discard(end)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
