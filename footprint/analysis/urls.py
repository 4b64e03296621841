"""Addresses of analyses; their namespace is "analysis"."""

from __future__ import annotations

from django.urls import path

from footprint.analysis.pages import allocation, flows, hotspots, methods, quality, readouts, uncertainty

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
    path("products/<uuid:product_uuid>/quality/", quality.quality, name="quality"),
    path("products/<uuid:product_uuid>/quality/quality.csv", quality.export, name="quality_export"),
    path("products/<uuid:product_uuid>/uncertainty/", uncertainty.uncertainty, name="uncertainty"),
    path(
        "products/<uuid:product_uuid>/uncertainty/uncertainty.csv",
        uncertainty.export,
        name="uncertainty_export",
    ),
    path(
        "products/<uuid:product_uuid>/uncertainty/progress/",
        uncertainty.progress,
        name="uncertainty_progress",
    ),
    path("products/<uuid:product_uuid>/uncertainty/start/", uncertainty.start, name="uncertainty_start"),
    path("products/<uuid:product_uuid>/readouts/", readouts.readouts, name="readouts"),
    path("inventories/<uuid:inventory_uuid>/flows/", flows.flows, name="flows"),
]
