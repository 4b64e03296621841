"""Read a stranger's package in a confined process."""

from __future__ import annotations

from footprint.exchange.confined.archive import MOST_BYTES
from footprint.exchange.confined.problems import Problem, Unreadable
from footprint.exchange.confined.run import BrokenOff, Confinement, confined
from footprint.exchange.openlca.package import Package
from footprint.exchange.openlca.reader import Progress
from footprint.exchange.openlca.wire import Garbled, package_from


def read_confined(
    content: bytes, progress: Progress | None = None, within: Confinement | None = None
) -> Package:
    """The package in a zip; as ``reader.read``, whatever the zip does to its reader.

    Raises:
        Unreadable: with every problem found, or the limit that was reached.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable([Problem("too_large", values={"most": str(MOST_BYTES // 2**20)})])
    try:
        return package_from(confined("openlca", content, within), progress)
    except BrokenOff as broken:
        raise Unreadable([Problem(broken.reason.value)]) from broken
    except Garbled as garbled:
        raise Unreadable([Problem("reader_died")]) from garbled
