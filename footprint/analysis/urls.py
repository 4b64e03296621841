"""Addresses of analyses; their namespace is "analysis"."""

from __future__ import annotations

from django.urls import path

from footprint.analysis.pages import allocation, hotspots, methods

app_name = "analysis"

urlpatterns = [
    path("products/<uuid:product_uuid>/hotspots/", hotspots.hotspots, name="hotspots"),
    path("products/<uuid:product_uuid>/hotspots/hotspots.csv", hotspots.export, name="hotspots_export"),
    path("products/<uuid:product_uuid>/allocation/", allocation.allocation, name="allocation"),
    path(
        "products/<uuid:product_uuid>/allocation/allocation.csv", allocation.export, name="allocation_export"
    ),
    path("products/<uuid:product_uuid>/methods/", methods.methods, name="methods"),
    path("products/<uuid:product_uuid>/methods/methods.csv", methods.export, name="methods_export"),
]
