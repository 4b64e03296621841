"""Addresses of method profiles."""

from __future__ import annotations

from django.urls import path

from footprint.rules.pages import method

app_name = "rules"

urlpatterns = [
    path("methods/", method.method_list, name="method_list"),
    path("methods/<slug:code>/", method.method, name="method"),
]
