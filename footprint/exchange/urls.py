"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from footprint.exchange.pages import import_job

app_name = "exchange"

urlpatterns = [
    path("imports/", import_job.import_list, name="import_list"),
    path("imports/<uuid:job_uuid>/", import_job.import_job, name="import"),
    path("imports/<uuid:job_uuid>/state/", import_job.import_state, name="import_state"),
    path("imports/<uuid:job_uuid>/report.csv", import_job.import_report, name="import_report"),
]
