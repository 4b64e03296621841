"""Every address of the REST interface: resources of all rooms, the document that describes them, tokens."""

from __future__ import annotations

from django.http import Http404
from django.urls import include, path
from oauth2_provider.views import RevokeTokenView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from accounts.api.audit import AuditView, CheckpointView
from accounts.api.notifications import NotificationView
from accounts.api.tokens import RecordedTokenView
from accounts.api.views import CompanyView, SiteView
from alliance.pages.api_docs import docs, schema
from factors.api.proposals import ProposalView, ReleaseView
from factors.api.views import FactorVersionView, FactorView, GasView, UnitView, WeighedView
from footprint.analysis.api.assessments import (
    AssessmentView,
    MethodsView,
    UncertaintyRunView,
    UncertaintyView,
)
from footprint.analysis.api.conformity import ConformityView, ProductConformityView
from footprint.analysis.api.footprints import HotspotsView, TreeView
from footprint.analysis.api.inventories import ClosureView, FlowsView
from footprint.analysis.api.scenarios import ScenarioView
from footprint.analysis.api.views import BridgeView, HistoryView, SensitivityView, WhatIfView
from footprint.benchmark.api.views import BenchmarkReleaseView, BenchmarkView, CategoryView
from footprint.calculation.api.evidence import EvidenceView, LineEvidenceView
from footprint.calculation.api.exchanges import ExchangeView
from footprint.calculation.api.footprints import FootprintView
from footprint.calculation.api.inventories import InventoryView, UnitProcessView
from footprint.calculation.api.products import ProductView
from footprint.calculation.api.recompute import RecomputeView
from footprint.calculation.api.submissions import SubmissionView
from footprint.exchange.api.workbooks import (
    AnnotatedView,
    ApplyView,
    DiscardView,
    WorkbookUploadView,
    WorkbookView,
)
from footprint.partners.api.validator import FootprintCheckView
from footprint.publication.api.publications import PublicationView
from footprint.rules.api.product_rules import ProductRuleView
from footprint.rules.api.views import ClosureRuleView, MethodProfileView
from footprint.sharing.api.figures import SupplierFigureView
from footprint.sharing.api.requests import SharingRequestView
from footprint.verification.api.engagements import EngagementView

RESOURCES = {
    "companies": CompanyView,
    "sites": SiteView,
    "products": ProductView,
    "inventories": InventoryView,
    "unit-processes": UnitProcessView,
    "exchanges": ExchangeView,
    "footprints": FootprintView,
    "factors": FactorView,
    "factor-versions": FactorVersionView,
    "factor-proposals": ProposalView,
    "factor-releases": ReleaseView,
    "gases": GasView,
    "categories": CategoryView,
    "benchmark-releases": BenchmarkReleaseView,
    "method-profiles": MethodProfileView,
    "closure-rules": ClosureRuleView,
    "product-category-rules": ProductRuleView,
    "scenarios": ScenarioView,
    "submissions": SubmissionView,
    "publications": PublicationView,
    "notifications": NotificationView,
    "verifications": EngagementView,
    "sharing-requests": SharingRequestView,
    "supplier-figures": SupplierFigureView,
    "uncertainty-runs": UncertaintyRunView,
}


class Nowhere(APIView):
    """Any other address: a problem, not a page."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Nothing is here for anybody, whoever asks and however."""
        raise Http404

    def get(self, request: Request, rest: str) -> Response:
        """Never reached."""
        raise Http404


router = SimpleRouter(use_regex_path=False)
for name, view in RESOURCES.items():
    router.register(name, view, basename=name)

v1 = [
    *router.urls,
    path("footprints/<uuid:uuid>/assessment/", AssessmentView.as_view(), name="footprint-assessment"),
    path("footprints/<uuid:uuid>/methods/", MethodsView.as_view(), name="footprint-methods"),
    path("footprints/<uuid:uuid>/uncertainty/", UncertaintyView.as_view(), name="footprint-uncertainty"),
    path("footprints/<uuid:uuid>/tree/", TreeView.as_view(), name="footprint_tree"),
    path("footprints/<uuid:uuid>/hotspots/", HotspotsView.as_view(), name="footprint_hotspots"),
    path("inventories/<uuid:uuid>/flows/", FlowsView.as_view(), name="inventory_flows"),
    path("inventories/<uuid:uuid>/closure/", ClosureView.as_view(), name="inventory_closure"),
    path("products/<uuid:uuid>/conformity/", ProductConformityView.as_view(), name="product_conformity"),
    path("conformity/", ConformityView.as_view({"get": "list"}), name="conformity"),
    path("inventories/<uuid:uuid>/workbook/", WorkbookView.as_view(), name="inventory_workbook"),
    path("workbook-uploads/<uuid:uuid>/", WorkbookUploadView.as_view(), name="workbook_upload"),
    path("workbook-uploads/<uuid:uuid>/apply/", ApplyView.as_view(), name="workbook_apply"),
    path("workbook-uploads/<uuid:uuid>/discard/", DiscardView.as_view(), name="workbook_discard"),
    path("workbook-uploads/<uuid:uuid>/annotated/", AnnotatedView.as_view(), name="workbook_annotated"),
    path("audit/", AuditView.as_view({"get": "list"}), name="audit"),
    path("audit/checkpoint/", CheckpointView.as_view(), name="audit_checkpoint"),
    path("footprints/<uuid:uuid>/what-if/", WhatIfView.as_view(), name="what_if"),
    path("footprints/<uuid:uuid>/sensitivity/", SensitivityView.as_view(), name="sensitivity"),
    path("footprints/<uuid:uuid>/bridge/", BridgeView.as_view(), name="bridge"),
    path("footprints/<uuid:uuid>/history/", HistoryView.as_view(), name="history"),
    path("exchanges/<uuid:uuid>/evidence/", LineEvidenceView.as_view(), name="exchange_evidence"),
    path("evidence/<uuid:uuid>/", EvidenceView.as_view(), name="evidence"),
    path("factor-versions/<uuid:uuid>/weighed/", WeighedView.as_view(), name="factor_version_weighed"),
    path("units/", UnitView.as_view(), name="units"),
    path("footprint-checks/", FootprintCheckView.as_view(), name="footprint_checks"),
    path("benchmarks/", BenchmarkView.as_view(), name="benchmarks"),
    path("recompute/", RecomputeView.as_view(), name="recompute"),
]

urlpatterns = [
    path("api/v1/", include(v1)),
    path("api/schema/", schema, name="api_schema"),
    path("api/docs/", docs, name="api_docs"),
    path("api/<path:rest>", Nowhere.as_view()),
    path("oauth/token/", RecordedTokenView.as_view(), name="oauth_token"),
    path("oauth/revoke_token/", RevokeTokenView.as_view(), name="oauth_revoke"),
]
