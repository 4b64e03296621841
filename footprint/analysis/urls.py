"""Addresses of analyses; their namespace is "analysis"."""

from __future__ import annotations

from django.urls import path

from footprint.analysis.pages import (
    adoptions,
    allocation,
    changes,
    conformity,
    factor_impact,
    factor_lineage,
    flows,
    hotspots,
    methods,
    practices,
    preview,
    quality,
    readouts,
    saved,
    scenario,
    uncertainty,
)

app_name = "analysis"

urlpatterns = [
    path("factors/adoptions/", adoptions.adoptions, name="adoptions"),
    path("factors/<uuid:factor_uuid>/lineage/", factor_lineage.lineage, name="factor_lineage"),
    path("factors/<uuid:factor_uuid>/impact/", factor_impact.impact, name="factor_impact"),
    path("factors/<uuid:factor_uuid>/impact/ask/", factor_impact.ask_impact, name="ask_impact"),
    path("factors/<uuid:factor_uuid>/impact/adopt/", factor_impact.adopt, name="adopt_factor"),
    path("conformity/", conformity.conformity_list, name="conformity_list"),
    path("conformity/export/", conformity.conformity_export, name="conformity_export"),
    path("products/<uuid:product_uuid>/conformity/", conformity.of_product, name="product_conformity"),
    path("processes/<uuid:process_uuid>/conformity/", conformity.of_process, name="process_conformity"),
    path("product-rules/<slug:code>/try/", conformity.try_draft, name="try_rule"),
    path("products/<uuid:product_uuid>/hotspots/", hotspots.hotspots, name="hotspots"),
    path("products/<uuid:product_uuid>/hotspots/hotspots.csv", hotspots.export, name="hotspots_export"),
    path("inventories/<uuid:inventory_uuid>/flows/", flows.flows, name="flows"),
    path("exchanges/<uuid:exchange_uuid>/preview/", preview.line_preview, name="line_preview"),
    path("products/<uuid:product_uuid>/scenario/", scenario.scenario, name="scenario"),
    path("products/<uuid:product_uuid>/scenario/lines/", scenario.lines, name="scenario_lines"),
    path("products/<uuid:product_uuid>/scenario/providers/", scenario.providers, name="scenario_providers"),
    path("products/<uuid:product_uuid>/scenario/export.csv", scenario.export, name="scenario_export"),
    path(
        "products/<uuid:product_uuid>/scenario/apply/<uuid:practice_uuid>/",
        practices.apply,
        name="apply_practice",
    ),
    path("practices/", practices.practice_list, name="practices"),
    path("practices/add/", practices.add, name="add_practice"),
    path("practices/<uuid:practice_uuid>/", practices.practice, name="practice"),
    path("practices/<uuid:practice_uuid>/change/", practices.change, name="change_practice"),
    path("practices/<uuid:practice_uuid>/move/", practices.move, name="move_practice"),
    path("products/<uuid:product_uuid>/scenarios/", saved.scenarios, name="scenarios"),
    path("products/<uuid:product_uuid>/scenarios/save/", saved.save, name="save_scenario"),
    path("scenarios/<uuid:scenario_uuid>/", saved.open_scenario, name="open_scenario"),
    path("scenarios/<uuid:scenario_uuid>/rename/", saved.rename, name="rename_scenario"),
    path("scenarios/<uuid:scenario_uuid>/delete/", saved.delete, name="delete_scenario"),
    path("products/<uuid:product_uuid>/changes/", changes.changes, name="changes"),
    path("products/<uuid:product_uuid>/changes/export.csv", changes.export, name="changes_export"),
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
]
