"""Work that somebody waits for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Awaited(models.Model):
    """In one of several states, some of which it does not stay in."""

    UNFINISHED: ClassVar[tuple[str, ...]]
    state: models.CharField[Any, Any]

    class Meta:
        abstract = True

    @property
    def is_unfinished(self) -> bool:
        """Whether there is still something to wait for."""
        return self.state in self.UNFINISHED
