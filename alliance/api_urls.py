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
from accounts.api.mail_settings import MailSettingsView
from accounts.api.notifications import NotificationView
from accounts.api.tokens import RecordedTokenView
from accounts.api.views import CompanyView, SiteView
from alliance.pages.api_docs import docs, schema
from factors.api.compare import CompareView
from factors.api.desk import CoverageView, DeskView
from factors.api.facets import FacetsView
from factors.api.imports import FactorImportView
from factors.api.peers import PeersView
from factors.api.proposals import ProposalView, ReleaseView
from factors.api.release_files import ReleaseFileContentView, ReleaseFilesView, ReleaseFileView
from factors.api.sources import SourceView, StaleSourceView
from factors.api.views import FactorVersionView, FactorView, GasView, UnitView, WeighedView
from footprint.analysis.api.assessments import (
    AssessmentView,
    MethodsView,
    UncertaintyRunView,
    UncertaintyView,
)
from footprint.analysis.api.below import BelowView
from footprint.analysis.api.conformity import ConformityView, ProductConformityView
from footprint.analysis.api.factors import (
    AdoptionPolicyView,
    AdoptionView,
    ImpactView,
    LineageView,
    WaitingAdoptionsView,
)
from footprint.analysis.api.footprints import HotspotsView, TreeView
from footprint.analysis.api.inventories import ClosureView, FlowsView
from footprint.analysis.api.practices import PracticeView
from footprint.analysis.api.scenarios import ScenarioView
from footprint.analysis.api.trials import TrialView
from footprint.analysis.api.views import BridgeView, HistoryView, SensitivityView, WhatIfView
from footprint.benchmark.api.averages import AverageFactorView, AverageView
from footprint.benchmark.api.reports import AllianceReportView, OwnReportView
from footprint.benchmark.api.steering import (
    BenchmarkDefinitionView,
    BenchmarkPreparationView,
    ParticipationView,
)
from footprint.benchmark.api.targets import TargetView
from footprint.benchmark.api.used_factors import UsedFactorView
from footprint.benchmark.api.views import BenchmarkReleaseView, BenchmarkView, CategoryView
from footprint.calculation.api.evidence import EvidenceView, LineEvidenceView
from footprint.calculation.api.exchanges import ExchangeView
from footprint.calculation.api.footprints import FootprintView
from footprint.calculation.api.inventories import InventoryView, UnitProcessView
from footprint.calculation.api.products import ProductView
from footprint.calculation.api.recompute import RecomputeView
from footprint.calculation.api.review_threads import ReviewThreadView
from footprint.calculation.api.submissions import SubmissionView
from footprint.exchange.api.cbam import CbamView
from footprint.exchange.api.factor_proposals import ProposalFileView, ProposalPackageView
from footprint.exchange.api.imports import OpenLcaImportView
from footprint.exchange.api.openlca import (
    OpenLcaFileContentView,
    OpenLcaFilesView,
    OpenLcaFileView,
    OpenLcaView,
)
from footprint.exchange.api.pact_sheet import OfferedSheetView, PartnerSheetView
from footprint.exchange.api.upserts import UpsertRowsView, UpsertView
from footprint.exchange.api.workbooks import (
    AnnotatedView,
    ApplyView,
    CancelView,
    DiscardView,
    WorkbookUploadView,
    WorkbookView,
)
from footprint.partners.api.catenax import CatenaxView, PartnerCatenaxView
from footprint.partners.api.conformance import ConformanceRunView
from footprint.partners.api.connections import ConnectionView
from footprint.partners.api.grants import GrantView
from footprint.partners.api.inbox import PartnerDeliveryView, PartnerEventView, ReceiptView
from footprint.partners.api.introductions import ConnectionRequestView, ReceptionView
from footprint.partners.api.preview import PreviewView
from footprint.partners.api.received import PartnerFootprintView
from footprint.partners.api.validator import FootprintCheckView
from footprint.partners.api.webhooks import WebhookDeliveryView, WebhookView
from footprint.publication.api.publications import PublicationView
from footprint.rules.api.product_rules import ProductRuleView
from footprint.rules.api.views import ClosureRuleView, MethodProfileView
from footprint.sharing.api.figures import SupplierFigureView
from footprint.sharing.api.requests import SharingRequestView
from footprint.verification.api.engagements import EngagementView

PACKAGES = "inventories/<uuid:uuid>/openlca-files/"
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
    "factor-imports": FactorImportView,
    "factor-sources": SourceView,
    "adoption-policies": AdoptionPolicyView,
    "gases": GasView,
    "categories": CategoryView,
    "benchmark-definitions": BenchmarkDefinitionView,
    "benchmark-preparations": BenchmarkPreparationView,
    "benchmark-releases": BenchmarkReleaseView,
    "method-profiles": MethodProfileView,
    "closure-rules": ClosureRuleView,
    "product-category-rules": ProductRuleView,
    "scenarios": ScenarioView,
    "practices": PracticeView,
    "submissions": SubmissionView,
    "review-threads": ReviewThreadView,
    "publications": PublicationView,
    "notifications": NotificationView,
    "verifications": EngagementView,
    "sharing-requests": SharingRequestView,
    "supplier-figures": SupplierFigureView,
    "uncertainty-runs": UncertaintyRunView,
    "upserts": UpsertView,
    "openlca-imports": OpenLcaImportView,
    "partner-connections": ConnectionView,
    "connection-requests": ConnectionRequestView,
    "connection-receptions": ReceptionView,
    "partner-grants": GrantView,
    "partner-events": PartnerEventView,
    "partner-deliveries": PartnerDeliveryView,
    "partner-footprints": PartnerFootprintView,
    "conformance-runs": ConformanceRunView,
    "webhooks": WebhookView,
    "webhook-deliveries": WebhookDeliveryView,
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
    path("footprints/<uuid:uuid>/below/", BelowView.as_view(), name="footprint-below"),
    path("footprints/<uuid:uuid>/tree/", TreeView.as_view(), name="footprint_tree"),
    path("footprints/<uuid:uuid>/hotspots/", HotspotsView.as_view(), name="footprint_hotspots"),
    path("inventories/<uuid:uuid>/flows/", FlowsView.as_view(), name="inventory_flows"),
    path("inventories/<uuid:uuid>/closure/", ClosureView.as_view(), name="inventory_closure"),
    path("products/<uuid:uuid>/conformity/", ProductConformityView.as_view(), name="product_conformity"),
    path("products/<uuid:uuid>/target/", TargetView.as_view(), name="product_target"),
    path("products/<uuid:uuid>/participation/", ParticipationView.as_view(), name="product_participation"),
    path("product-category-rules/<slug:code>/trials/", TrialView.as_view(), name="product_rule_trials"),
    path("conformity/", ConformityView.as_view({"get": "list"}), name="conformity"),
    path("inventories/<uuid:uuid>/workbook/", WorkbookView.as_view(), name="inventory_workbook"),
    path("inventories/<uuid:uuid>/openlca/", OpenLcaView.as_view(), name="inventory_openlca"),
    path(PACKAGES, OpenLcaFilesView.as_view(), name="inventory_openlca_files"),
    path(f"{PACKAGES}<uuid:file_uuid>/", OpenLcaFileView.as_view(), name="inventory_openlca_file"),
    path(
        f"{PACKAGES}<uuid:file_uuid>/content/",
        OpenLcaFileContentView.as_view(),
        name="inventory_openlca_file_content",
    ),
    path("cbam-goods/", CbamView.as_view(), name="cbam_goods"),
    path("published-footprints/sheet/", OfferedSheetView.as_view(), name="offered_sheet"),
    path("published-footprints/<uuid:uuid>/catenax/", CatenaxView.as_view(), name="offered_catenax"),
    path("partner-receipts/", ReceiptView.as_view({"get": "list"}), name="partner_receipts"),
    path("publications/<uuid:uuid>/pact/", PreviewView.as_view(), name="publication_pact"),
    path("partner-connections/<uuid:uuid>/catenax/", PartnerCatenaxView.as_view(), name="partner_catenax"),
    path("partner-connections/<uuid:uuid>/sheet/", PartnerSheetView.as_view(), name="partner_sheet"),
    path("workbook-uploads/<uuid:uuid>/", WorkbookUploadView.as_view(), name="workbook_upload"),
    path("workbook-uploads/<uuid:uuid>/apply/", ApplyView.as_view(), name="workbook_apply"),
    path("workbook-uploads/<uuid:uuid>/discard/", DiscardView.as_view(), name="workbook_discard"),
    path("workbook-uploads/<uuid:uuid>/cancel/", CancelView.as_view(), name="workbook_cancel"),
    path("workbook-uploads/<uuid:uuid>/annotated/", AnnotatedView.as_view(), name="workbook_annotated"),
    path("upserts/<uuid:uuid>/rows/", UpsertRowsView.as_view({"get": "list"}), name="upsert_rows"),
    path("audit/", AuditView.as_view({"get": "list"}), name="audit"),
    path("audit/checkpoint/", CheckpointView.as_view(), name="audit_checkpoint"),
    path("footprints/<uuid:uuid>/what-if/", WhatIfView.as_view(), name="what_if"),
    path("footprints/<uuid:uuid>/sensitivity/", SensitivityView.as_view(), name="sensitivity"),
    path("footprints/<uuid:uuid>/bridge/", BridgeView.as_view(), name="bridge"),
    path("footprints/<uuid:uuid>/history/", HistoryView.as_view(), name="history"),
    path("exchanges/<uuid:uuid>/evidence/", LineEvidenceView.as_view(), name="exchange_evidence"),
    path("evidence/<uuid:uuid>/", EvidenceView.as_view(), name="evidence"),
    path("factor-proposals/file/", ProposalFileView.as_view(), name="factor_proposals_file"),
    path("factor-proposals/openlca/", ProposalPackageView.as_view(), name="factor_proposals_openlca"),
    path("factor-versions/<uuid:uuid>/weighed/", WeighedView.as_view(), name="factor_version_weighed"),
    path("factor-versions/used/", UsedFactorView.as_view(), name="factor_versions_used"),
    path("factor-versions/<uuid:uuid>/peers/", PeersView.as_view(), name="factor_version_peers"),
    path("factor-versions/facets/", FacetsView.as_view(), name="factor_version_facets"),
    path("factor-desk/coverage/", CoverageView.as_view(), name="factor_desk_coverage"),
    path("factor-desk/", DeskView.as_view(), name="factor_desk"),
    path("stale-factor-sources/", StaleSourceView.as_view(), name="factor_sources_stale"),
    path("factor-versions/compare/", CompareView.as_view(), name="factor_versions_compare"),
    path("factor-adoptions/", WaitingAdoptionsView.as_view(), name="factor_adoptions"),
    path("factor-versions/<uuid:uuid>/adoption/", AdoptionView.as_view(), name="factor_version_adoption"),
    path("factor-versions/<uuid:uuid>/impact/", ImpactView.as_view(), name="factor_version_impact"),
    path("factor-versions/<uuid:uuid>/lineage/", LineageView.as_view(), name="factor_version_lineage"),
    path("factor-releases/<slug:name>/files/", ReleaseFilesView.as_view(), name="factor_release_files"),
    path(
        "factor-releases/<slug:name>/files/<uuid:uuid>/",
        ReleaseFileView.as_view(),
        name="factor_release_file",
    ),
    path(
        "factor-releases/<slug:name>/files/<uuid:uuid>/content/",
        ReleaseFileContentView.as_view(),
        name="factor_release_file_content",
    ),
    path("benchmark-releases/<uuid:uuid>/factor/", AverageFactorView.as_view(), name="benchmark_average"),
    path("units/", UnitView.as_view(), name="units"),
    path("footprint-checks/", FootprintCheckView.as_view(), name="footprint_checks"),
    path("benchmarks/", BenchmarkView.as_view(), name="benchmarks"),
    path("benchmark-averages/", AverageView.as_view(), name="benchmark_averages"),
    path("reports/alliance/", AllianceReportView.as_view(), name="alliance_report"),
    path("reports/comparisons/", OwnReportView.as_view(), name="own_report"),
    path("notification-settings/", MailSettingsView.as_view(), name="notification_settings"),
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
