"""Addresses of sharing."""

from __future__ import annotations

from django.urls import path

from footprint.sharing.pages import comparison, figure, request

app_name = "sharing"
ONE = "sharing/<uuid:sharing_uuid>/"

urlpatterns = [
    path("sharing/", request.request_list, name="list"),
    path("sharing/ask/", request.ask, name="ask"),
    path("sharing/compare/", comparison.compare, name="compare"),
    path("sharing/figures/", figure.figure_list, name="figures"),
    path("partners/footprints/<uuid:received_uuid>/use/", figure.use_received, name="use_received"),
    path(f"{ONE}use/", figure.use_pinned, name="use_pinned"),
    path(ONE, request.one, name="request"),
    path(f"{ONE}say/", request.say, name="say"),
    path(f"{ONE}move/", request.move, name="move"),
    path(f"{ONE}share/", request.share, name="share"),
    path(f"{ONE}accept/", request.accept, name="accept"),
    path(f"{ONE}dispute/", request.dispute, name="dispute"),
    path(f"{ONE}statement.jws", request.signed, name="signed"),
]
