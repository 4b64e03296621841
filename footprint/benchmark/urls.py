"""Addresses of categories and benchmarks."""

from __future__ import annotations

from django.urls import path

from footprint.benchmark.pages import (
    averages,
    category,
    overview,
    peers,
    reports,
    steering,
    targets,
    used_factors,
)

app_name = "benchmark"

urlpatterns = [
    path("categories/", category.category_list, name="category_list"),
    path("categories/report-<str:language>.pdf", reports.own_report, name="own_report"),
    path("categories/<slug:code>/", category.category, name="category"),
    path("products/<uuid:product_uuid>/benchmark/", category.take_part, name="take_part"),
    path("products/<uuid:product_uuid>/target/", targets.set_target, name="set_target"),
    path("submissions/<uuid:submission_uuid>/peers/", peers.peers, name="peers"),
    path("alliance/", overview.alliance, name="alliance"),
    path("alliance/report-<str:language>.pdf", reports.alliance_report, name="alliance_report"),
    path("factors/desk/used/", used_factors.used_factors, name="used_factors"),
    path("factors/desk/used.csv", used_factors.export, name="used_factors_export"),
    path("benchmarks/", steering.benchmark_list, name="list"),
    path("benchmarks/averages/", averages.averages, name="averages"),
    path("benchmarks/releases/<uuid:release_uuid>/factor/", averages.average, name="average"),
    path("benchmarks/propose/", steering.propose, name="propose"),
    path("benchmarks/<uuid:definition_uuid>/", steering.definition, name="definition"),
    path("benchmarks/<uuid:definition_uuid>/move/", steering.move_definition, name="move_definition"),
    path("benchmarks/<uuid:definition_uuid>/prepare/", steering.prepare, name="prepare"),
    path("benchmarks/releases/<uuid:release_uuid>/", steering.release, name="release"),
    path("benchmarks/releases/<uuid:release_uuid>/move/", steering.move_release, name="move_release"),
]
