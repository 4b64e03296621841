"""Files as bodies of requests, nothing around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser


class FileParser(BaseParser):
    """A file as the body; subclasses say of which type, and how many bytes it may have."""

    most_bytes: int

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The bytes; one more than may be, so that the action can refuse them."""
        return bytes(stream.read(self.most_bytes + 1))
