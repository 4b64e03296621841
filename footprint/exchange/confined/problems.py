"""What is wrong with a file, and where. Pure: codes and values, worded by the ``sentences`` of its format."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Problem:
    """One thing wrong, or worth knowing, at a field of a part of the file: of a member of a zip, of a sheet.

    ``code`` is a key of ``SENTENCES``; ``values`` fill its gaps. ``file`` names the part; without it, the
    file as a whole is meant.
    """

    code: str
    file: str = ""
    field: str = ""
    values: dict[str, str] = dataclasses.field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """As stored with a job."""
        return dataclasses.asdict(self)


class Unreadable(Exception):
    """The file is refused as a whole; every problem found is listed, at most ``MOST_PROBLEMS``."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.file} {p.field} {p.code}" for p in problems[:3]))
        self.problems = problems


class Problems:
    """Collects problems, so that they can be mended in one go; stops the reading when there are too many."""

    def __init__(self) -> None:
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def error(self, code: str, file: str = "", field: str = "", **values: object) -> None:
        """Note an error; raise Unreadable at the last one that is listed."""
        self.errors.append(Problem(code, file, field, _texts(values)))
        if len(self.errors) >= MOST_PROBLEMS:
            raise Unreadable(self.errors)

    def warning(self, code: str, file: str = "", field: str = "", **values: object) -> None:
        """Note something that a person should know but that stops nothing."""
        self.warnings.append(Problem(code, file, field, _texts(values)))

    def raise_if_any(self) -> None:
        """Raise Unreadable when there is an error."""
        if self.errors:
            raise Unreadable(self.errors)


def _texts(values: dict[str, object]) -> dict[str, str]:
    return {name: str(value)[:200] for name, value in values.items()}
