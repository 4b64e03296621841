"""Every address of the product, by room."""

from __future__ import annotations

from django.urls import include, path

from alliance import health

urlpatterns = [
    path("healthz", health.healthz, name="health"),
    path("accounts/", include("allauth.urls")),
]
