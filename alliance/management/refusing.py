"""A command that cannot do what it was asked says why in one line, and ends with another code than 0."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from django.core.management import execute_from_command_line
from django.core.management.base import CommandParser

WRONG_ARGUMENTS = 2


def carry_out(words: Sequence[str]) -> None:
    """Run the command that the words name.

    Arguments that cannot be read, and files named among them that cannot be read or written, are told without
    usage or traceback, of Django's own commands too; ``--help`` tells how one is called.
    """
    CommandParser.error = _refuse  # type: ignore[method-assign, assignment]  # Django makes the parser of every command
    try:
        execute_from_command_line(list(words))
    except OSError as error:
        if error.filename is None or not any(str(error.filename) in word for word in words):
            raise
        sys.exit(f"{error.filename}: {error.strerror}")


def _refuse(parser: CommandParser, message: str) -> NoReturn:
    parser.exit(WRONG_ARGUMENTS, f"{parser.prog}: {message}\n")
