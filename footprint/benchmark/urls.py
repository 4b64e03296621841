"""Addresses of categories and benchmarks."""

from __future__ import annotations

from django.urls import path

from footprint.benchmark.pages import category

app_name = "benchmark"

urlpatterns = [
    path("categories/", category.category_list, name="category_list"),
    path("categories/<slug:code>/", category.category, name="category"),
]
