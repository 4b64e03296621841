"""The OpenAPI document and a page that renders it, both served by this very machine."""

from __future__ import annotations

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation

# YAML or JSON, as asked for
schema = SpectacularAPIView.as_view(content_negotiation_class=DefaultContentNegotiation)

# The viewer sets styles on its elements and writes markup; scripts are confined to this host, none is inline.
docs = csp_replace({"require-trusted-types-for": None, "trusted-types": None})(
    csp_update({"style-src": [UNSAFE_INLINE], "img-src": [SELF, "data:"]})(
        SpectacularSwaggerSplitView.as_view(url_name="api_schema")
    )
)
