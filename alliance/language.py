"""Which language a page speaks: the one just chosen, else the person's own, else the browser's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class PersonsLanguageMiddleware(LocaleMiddleware):
    """Django's own, with the person's language in place of the browser's when no cookie says otherwise."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        person = getattr(request, "user", None)
        if not chosen and person is not None and person.is_authenticated:
            translation.activate(person.locale)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
