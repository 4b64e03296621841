"""Addresses of analyses; their namespace is "analysis"."""

from __future__ import annotations

from django.urls import path

from footprint.analysis.pages import flows, hotspots

app_name = "analysis"

urlpatterns = [
    path("products/<uuid:product_uuid>/hotspots/", hotspots.hotspots, name="hotspots"),
    path("products/<uuid:product_uuid>/hotspots/hotspots.csv", hotspots.export, name="hotspots_export"),
    path("inventories/<uuid:inventory_uuid>/flows/", flows.flows, name="flows"),
]
