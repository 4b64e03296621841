"""The OpenAPI document and a page that renders it, both served by this very machine."""

from __future__ import annotations

from functools import cache

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language, get_supported_language_variant, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request


class Document(SpectacularAPIView):
    """The same for everybody, and anybody may ask: making it takes seconds, so each process does so once."""

    content_negotiation_class = DefaultContentNegotiation  # YAML or JSON, as asked for

    def _get_schema_response(self, request: Request) -> HttpResponse:
        form = request.accepted_renderer
        charset = f"; charset={form.charset}" if form.charset else ""
        name = self._get_filename(request, "")  # type: ignore[no-untyped-call]
        return HttpResponse(
            _written(_language(), form.media_type),
            content_type=f"{form.media_type}{charset}",
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )


def _language() -> str:
    """The reader's, or what was asked for by name, if there is a catalogue of it."""
    try:
        return get_supported_language_variant(get_language() or settings.LANGUAGE_CODE)
    except LookupError:
        return settings.LANGUAGE_CODE


@cache
def _written(language: str, media_type: str) -> bytes:
    form = next(each for each in Document.renderer_classes if each.media_type == media_type)
    with override(language):
        document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        written = form().render(document)
    return written if isinstance(written, bytes) else str(written).encode()


schema = Document.as_view()

# The viewer sets styles on its elements and writes markup; scripts are confined to this host, none is inline.
docs = csp_replace({"require-trusted-types-for": None, "trusted-types": None})(
    csp_update({"style-src": [UNSAFE_INLINE], "img-src": [SELF, "data:"]})(
        SpectacularSwaggerSplitView.as_view(url_name="api_schema", template_name="api_docs.html")
    )
)
