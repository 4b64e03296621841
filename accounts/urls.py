"""Addresses of companies, sites and the audit log."""

from __future__ import annotations

from django.urls import path

from accounts.pages import audit, company, site

app_name = "accounts"

urlpatterns = [
    path("companies/", company.company_list, name="company_list"),
    path("companies/<uuid:company_uuid>/", company.company, name="company"),
    path("companies/<uuid:company_uuid>/add-site/", site.add_site, name="add_site"),
    path("sites/<uuid:site_uuid>/", site.site, name="site"),
    path("sites/<uuid:site_uuid>/change/", site.change_site, name="change_site"),
    path("audit/", audit.audit_log, name="audit_log"),
    path("audit/csv/", audit.audit_csv, name="audit_csv"),
    path("audit/history/<uuid:object_uuid>/", audit.audit_history, name="audit_history"),
    path("audit/checkpoint/<uuid:company_uuid>/", audit.audit_proof, name="audit_proof"),
    path("audit/chain/<uuid:company_uuid>/", audit.audit_chain, name="audit_chain"),
    path(".well-known/audit-keys.json", audit.audit_keys, name="audit_keys"),
]
