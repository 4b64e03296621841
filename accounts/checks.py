"""Checks that the actions of every room share: collected refusals, plain texts, versions, conflicts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import Refusal, Refusals, Stale

CODE = re.compile(r"[\w][\w.\-/#+]*")
TURNING = r"\u202a-\u202e\u2066-\u2069"
"""What turns the direction of writing round: a name could be shown as another."""
CONTROL = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{TURNING}]")

BREAKS = re.compile(r"\s*[\t\n\r\x85\u2028\u2029]\s*")


class Findings:
    """What is wrong with one thing that was asked, all of it, so that a person can mend it in one go."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []

    def add(self, message: str, *, field: str | None, code: str) -> None:
        """One more thing wrong."""
        self.refusals.append(Refusal(message, field=field, code=code))

    def keep(self, refusal: Refusal) -> None:
        """One more thing wrong, as a check raised it: for loops that ``collecting`` would slow."""
        self.refusals.append(refusal)

    def collecting(self) -> Self:
        """Keep a refusal raised inside and go on with the next check."""
        return self

    # no generator: thousands of rows pass through here a few times each
    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, Refusal):
            return False
        self.refusals.append(error)
        return True

    def settle(self) -> None:
        """Pass when nothing is wrong.

        Raises:
            Refusal: one thing is wrong.
            Refusals: several things are.
        """
        if len(self.refusals) == 1:
            raise self.refusals[0]
        if self.refusals:
            raise Refusals(self.refusals)


def text(value: object, *, field: str, longest: int, required: bool = False) -> str:
    """The trimmed text.

    Raises:
        Refusal: missing, too long, no text at all, or with characters nobody can see.
    """
    if not isinstance(value, str):
        raise Refusal(_("Enter a text here."), field=field, code="not_a_text")
    trimmed = value.strip()
    if required and not trimmed:
        raise Refusal(_("This must not be empty."), field=field, code="required")
    if len(trimmed) > longest:
        message = _("At most %(longest)d characters fit here; this has %(length)d.")
        raise Refusal(message % {"longest": longest, "length": len(trimmed)}, field=field, code="too_long")
    if CONTROL.search(trimmed):
        raise Refusal(_("This contains invisible control characters."), field=field, code="invalid_text")
    return trimmed


def name(value: object, *, field: str, longest: int, required: bool = False) -> str:
    """The trimmed text of one line: where it broke, there is a space. Raises Refusal."""
    on_one = one_line(value) if isinstance(value, str) else value
    return text(on_one, field=field, longest=longest, required=required)


def one_line(value: str) -> str:
    """The text without line breaks: in a mail they would begin another line, of whoever made up the name."""
    return BREAKS.sub(" ", value.strip())


def mail_address(value: object, *, field: str) -> str:
    """An e-mail address in lower case, as far as its form tells. Raises Refusal."""
    trimmed = text(value, field=field, longest=254, required=True).lower()
    try:
        validate_email(trimmed)
    except ValidationError:
        raise Refusal(_("This is no e-mail address."), field=field, code="invalid_address") from None
    return trimmed


def code(value: object, *, field: str = "code", longest: int) -> str:
    """A code: letters, digits, and . - _ / # + between them. Raises Refusal."""
    trimmed = text(value, field=field, longest=longest, required=True)
    if not CODE.fullmatch(trimmed):
        message = _("A code consists of letters, digits and the signs . - _ / # +, without spaces.")
        raise Refusal(message, field=field, code="invalid_code")
    return trimmed


def choice(value: object, allowed: Collection[str], *, field: str) -> str:
    """One of the allowed words. Raises Refusal."""
    if not isinstance(value, str) or value not in allowed:
        if value in ("", None):
            raise Refusal(_("Choose one."), field=field, code="required")
        message = _("“%(value)s” is not a choice here. Choose one of: %(allowed)s.")
        words = {"value": str(value)[:40], "allowed": ", ".join(map(str, allowed))}
        raise Refusal(message % words, field=field, code="unknown_choice")
    return value


def truth(value: object, *, field: str) -> bool:
    """Yes or no. Raises Refusal."""
    if not isinstance(value, bool):
        raise Refusal(_("Answer yes or no."), field=field, code="not_yes_or_no")
    return value


def names(thing: Any, findings: Findings) -> None:
    """A thing needs a name in at least one language; the reader of the other one sees that."""
    refused = {refusal.field for refusal in findings.refusals}
    if not thing.name_zh and not thing.name_en and not refused & {"name_zh", "name_en"}:
        findings.add(_("Enter a name in at least one language."), field="name_zh", code="required")


def lookup(value: object) -> dict[str, Any] | None:
    """How to find what a reference names: an object of ours, or its public identifier; None for neither."""
    if isinstance(value, models.Model):
        return {"pk": value.pk}
    try:
        return {"uuid": value if isinstance(value, UUID) else UUID(str(value))}
    except ValueError:
        return None


def known(changes: Mapping[str, Any], fields: Collection[str]) -> None:
    """A door that passes a field the action does not know is wrong itself."""
    if strange := set(changes).difference(fields):
        raise TypeError(f"no such field: {', '.join(sorted(strange))}")


def write(thing: models.Model, *, version: int | None, changes: Mapping[str, Any]) -> None:
    """Write the changes in one statement, provided nobody else wrote since ``version`` was read.

    Raises:
        Stale: somebody did, or removed it.
    """
    rows: models.QuerySet[Any] = type(thing)._default_manager.filter(pk=thing.pk)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(**changes, version=F("version") + 1):
        raise Stale(
            _(
                "Somebody else changed this after you opened it. Look at the values as they are now, "
                "then save again."
            )
        )
    thing.refresh_from_db(fields=[*changes, "version"])


@contextmanager
def refusing(conflicts: Mapping[str, Refusal]) -> Iterator[None]:
    """Turn a violated constraint of the database, by its name, into the refusal a person reads."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = conflicts.get(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")
        if refusal is None:
            raise
        raise refusal from error
