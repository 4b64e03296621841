"""Addresses for partners' systems, without a slash at their end, and the pages about them."""

from __future__ import annotations

from django.urls import path

from footprint.partners.api import host, tokens

app_name = "partners"

urlpatterns = [
    path("3/footprints", host.footprints, name="footprints"),
    path("3/footprints/<path:pf_id>", host.footprint, name="footprint"),
    path("3/events", host.take_event, name="events"),
    path("2/footprints", host.footprints, name="footprints_v2"),
    path("2/footprints/<path:pf_id>", host.footprint, name="footprint_v2"),
    path("2/events", host.take_event, name="events_v2"),
    path("auth/token", tokens.token, name="token"),
    path(".well-known/openid-configuration", tokens.discovery, name="discovery"),
]
