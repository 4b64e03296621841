"""How a case can end other than well, in sentences that are put into words when they are shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

LONGEST = 300


class Ending(Exception):
    """A sentence, and what it names."""

    def __init__(self, sentence: str, **told: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.told = {name: recordable(str(value))[:LONGEST] for name, value in told.items()}

    def __str__(self) -> str:
        return worded(self.sentence, self.told)


class Failed(Ending):
    """The endpoint does not do what the case expects; the sentence says what came instead."""


class Warned(Ending):
    """It does, but not quite as it should."""


class Skipped(Ending):
    """The case cannot be tried here."""


OUT_OF_TIME = _("The time of the run was over before this was tried.")
OTHER_SHAPE = _("The answer has another shape than expected (%(name)s).")


def expect(is_so: bool, sentence: str, **told: object) -> None:
    """Go on, or fail with what is wrong."""
    if not is_so:
        raise Failed(sentence, **told)


def worded(sentence: str, told: dict[str, Any]) -> str:
    """A kept sentence in the language of the moment."""
    return gettext(sentence) % told if sentence else ""


def recordable(text: str) -> str:
    """Text as the database takes it: without NUL and halves of characters."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
