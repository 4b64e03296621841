"""Addresses of companies and sites."""

from __future__ import annotations

from django.urls import path

from accounts.pages import company, site

app_name = "accounts"

urlpatterns = [
    path("companies/", company.company_list, name="company_list"),
    path("companies/<uuid:company_uuid>/", company.company, name="company"),
    path("companies/<uuid:company_uuid>/add-site/", site.add_site, name="add_site"),
    path("sites/<uuid:site_uuid>/", site.site, name="site"),
    path("sites/<uuid:site_uuid>/change/", site.change_site, name="change_site"),
]
