"""Nouns: connections with secrets, grants and trials, footprints given and received, events, webhooks."""

from footprint.partners.models.conformance import ConformanceRun
from footprint.partners.models.connection import Connection, FootprintGrant, PartnerSecret
from footprint.partners.models.event import Delivery, PartnerEvent
from footprint.partners.models.offered import OfferedFootprint, Receipt, WaitingPublication
from footprint.partners.models.received import PartnerFootprint
from footprint.partners.models.webhook import WaitingNews, Webhook, WebhookSecret

__all__ = [
    "ConformanceRun",
    "Connection",
    "Delivery",
    "FootprintGrant",
    "OfferedFootprint",
    "PartnerEvent",
    "PartnerFootprint",
    "PartnerSecret",
    "Receipt",
    "WaitingNews",
    "WaitingPublication",
    "Webhook",
    "WebhookSecret",
]
