"""Every address of the product, by room."""

from __future__ import annotations

from django.urls import include, path

from alliance import health
from alliance.observing import exposing, ready
from alliance.pages import disclosure, gallery, home, operations

urlpatterns = [
    path("", home.home, name="home"),
    path("home/pending/", home.pending, name="home_pending"),
    path("healthz", health.healthz, name="health"),
    path("readyz", ready.readyz, name="ready"),
    path(".well-known/security.txt", disclosure.security_txt, name="security_txt"),
    path("metrics", exposing.metrics, name="metrics"),
    path("operations/", operations.operations, name="operations"),
    path("operations/retry/", operations.retry, name="operations_retry"),
    path("", include("alliance.api_urls")),
    path("accounts/", include("allauth.urls")),
    path("factors/", include("factors.urls")),
    path("", include("accounts.urls")),
    path("", include("footprint.analysis.urls")),
    path("", include("footprint.benchmark.urls")),
    path("", include("footprint.calculation.urls")),
    path("", include("footprint.exchange.urls")),
    path("", include("footprint.rules.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/branches/", gallery.branches, name="gallery_branches"),
    path("gallery/settled/", gallery.settled, name="gallery_settled"),
]
