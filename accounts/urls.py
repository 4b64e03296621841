"""Addresses of companies, sites and the audit log."""

from __future__ import annotations

from django.urls import path

from accounts.pages import (
    account,
    audit,
    client,
    company,
    directory,
    invitation,
    notification,
    people,
    site,
)

app_name = "accounts"

urlpatterns = [
    path("companies/", company.company_list, name="company_list"),
    path("companies/add/", directory.add_company, name="add_company"),
    path("companies/<uuid:company_uuid>/", company.company, name="company"),
    path("companies/<uuid:company_uuid>/change/", directory.change_company, name="change_company"),
    path("companies/<uuid:company_uuid>/group/", directory.rename_group, name="rename_group"),
    path("companies/<uuid:company_uuid>/identifiers/", company.identifiers, name="identifiers"),
    path("companies/<uuid:company_uuid>/sandbox/", company.sandbox, name="sandbox"),
    path("companies/<uuid:company_uuid>/add-site/", site.add_site, name="add_site"),
    path("account/", account.account, name="account"),
    path("account/sessions/end-others/", account.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<int:session_id>/end/", account.end_session, name="end_session"),
    path("account/lend/", account.add_delegation, name="add_delegation"),
    path("account/lent/<uuid:delegation_uuid>/end/", account.end_delegation, name="end_delegation"),
    path("invitations/<str:token>/", invitation.accept_invitation, name="accept_invitation"),
    path("companies/<uuid:company_uuid>/people/", people.people_list, name="people"),
    path("companies/<uuid:company_uuid>/people/invite/", people.invite_person, name="invite_person"),
    path(
        "companies/<uuid:company_uuid>/people/<uuid:person_uuid>/roles/", people.give_role, name="give_role"
    ),
    path(
        "companies/<uuid:company_uuid>/people/<uuid:person_uuid>/close/",
        people.person_account,
        {"deed": "close"},
        name="close_account",
    ),
    path(
        "companies/<uuid:company_uuid>/people/<uuid:person_uuid>/open/",
        people.person_account,
        {"deed": "open"},
        name="open_account",
    ),
    path(
        "companies/<uuid:company_uuid>/people/<uuid:person_uuid>/reset/",
        people.person_account,
        {"deed": "reset"},
        name="reset_second_factor",
    ),
    path("memberships/<int:membership_id>/end/", people.take_role, name="take_role"),
    path("invited/<uuid:invitation_uuid>/again/", people.invitation_again, name="invitation_again"),
    path("invited/<uuid:invitation_uuid>/withdraw/", people.invitation_withdraw, name="invitation_withdraw"),
    path("companies/<uuid:company_uuid>/clients/", client.client_list, name="clients"),
    path("companies/<uuid:company_uuid>/clients/add/", client.add_client, name="add_client"),
    path("clients/<uuid:client_uuid>/", client.client, name="client"),
    path("clients/<uuid:client_uuid>/change/", client.change_client, name="change_client"),
    path("clients/<uuid:client_uuid>/secret/", client.new_secret, name="new_secret"),
    path("clients/<uuid:client_uuid>/secret/<uuid:secret_uuid>/end/", client.end_secret, name="end_secret"),
    path("clients/<uuid:client_uuid>/stop/", client.stop_client, name="stop_client"),
    path("sites/<uuid:site_uuid>/", site.site, name="site"),
    path("sites/<uuid:site_uuid>/change/", site.change_site, name="change_site"),
    path("notifications/", notification.notification_list, name="notifications"),
    path("notifications/export/", notification.export, name="notification_export"),
    path("notifications/bell/", notification.bell, name="bell"),
    path("notifications/read/", notification.read_everything, name="read_all"),
    path("notifications/settings/", notification.notification_settings, name="notification_settings"),
    path("notifications/<uuid:notification_uuid>/", notification.notification, name="notification"),
    path("notifications/<uuid:notification_uuid>/read/", notification.read, name="read_notification"),
    path("audit/", audit.audit_log, name="audit_log"),
    path("audit/csv/", audit.audit_csv, name="audit_csv"),
    path("audit/history/<uuid:object_uuid>/", audit.audit_history, name="audit_history"),
    path("audit/checkpoint/<uuid:company_uuid>/", audit.audit_proof, name="audit_proof"),
    path("audit/chain/<uuid:company_uuid>/", audit.audit_chain, name="audit_chain"),
    path(".well-known/audit-keys.json", audit.audit_keys, name="audit_keys"),
]
