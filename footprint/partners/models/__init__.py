"""Nouns: who asks to be connected; connections, secrets, grants, trials; footprints, events, webhooks."""

from footprint.partners.models.conformance import ConformanceRun
from footprint.partners.models.connection import Connection, FootprintGrant, PartnerSecret
from footprint.partners.models.event import Delivery, PartnerEvent
from footprint.partners.models.introduction import ConnectionRequest, Reception
from footprint.partners.models.offered import OfferedFootprint, Receipt, WaitingPublication
from footprint.partners.models.received import PartnerFootprint
from footprint.partners.models.webhook import WaitingNews, Webhook, WebhookSecret

__all__ = [
    "ConformanceRun",
    "Connection",
    "ConnectionRequest",
    "Delivery",
    "FootprintGrant",
    "OfferedFootprint",
    "PartnerEvent",
    "PartnerFootprint",
    "PartnerSecret",
    "Receipt",
    "Reception",
    "WaitingNews",
    "WaitingPublication",
    "Webhook",
    "WebhookSecret",
]
