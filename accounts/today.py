"""The day it is where the alliance is: the one both locks compare last days with."""

from __future__ import annotations

from django.db.models import DateField, Func


class Today(Func):
    """``accounts_today()`` of ``accounts.sql``, for questions through the ORM."""

    function = "accounts_today"
    output_field = DateField()
