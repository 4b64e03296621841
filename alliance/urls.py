"""Every address of the product, by room."""

from __future__ import annotations

from django.urls import include, path

from accounts.pages import account, second_factor
from alliance import health
from alliance.observing import exposing, ready
from alliance.pages import disclosure, gallery, home, operations, sign_on
from alliance.pages.csp_report import csp_report

# Before the library's own, whose addresses these are.
account_urls = [
    # an address is proved by the invitation to it: nobody gives themselves another one
    path("email/", account.account, name="account_email"),
    path("2fa/", account.account, name="mfa_index"),
    path("2fa/webauthn/", account.account, name="mfa_list_webauthn"),
    path("sessions/", account.account, name="usersessions_list"),
    path("2fa/totp/activate/", second_factor.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", second_factor.DeactivateApp.as_view(), name="mfa_deactivate_totp"),
    path("2fa/webauthn/add/", second_factor.AddKey.as_view(), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", second_factor.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path(
        "2fa/recovery-codes/generate/",
        second_factor.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path("oidc/<slug:provider_id>/login/", sign_on.sign_on, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", sign_on.sign_on_callback, name="openid_connect_callback"),
]
handler500 = "accounts.middleware.broken"
urlpatterns = [
    path("", home.home, name="home"),
    path("home/pending/", home.pending, name="home_pending"),
    path("healthz", health.healthz, name="health"),
    path("csp/", csp_report, name="csp_report"),
    path("readyz", ready.readyz, name="ready"),
    path(".well-known/security.txt", disclosure.security_txt, name="security_txt"),
    path("metrics", exposing.metrics, name="metrics"),
    path("operations/", operations.operations, name="operations"),
    path("operations/retry/", operations.retry, name="operations_retry"),
    path("", include("alliance.api_urls")),
    path("accounts/", include(account_urls)),
    path("accounts/", include("allauth.urls")),
    path("factors/", include("factors.urls")),
    path("", include("accounts.urls")),
    path("", include("footprint.analysis.urls")),
    path("", include("footprint.benchmark.urls")),
    path("", include("footprint.calculation.urls")),
    path("", include("footprint.exchange.urls")),
    path("", include("footprint.partners.urls")),
    path("", include("footprint.publication.urls")),
    path("", include("footprint.verification.urls")),
    path("", include("footprint.sharing.urls")),
    path("", include("footprint.rules.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/branches/", gallery.branches, name="gallery_branches"),
    path("gallery/settled/", gallery.settled, name="gallery_settled"),
]
