"""Grants that a request opened were not given by hand; of the others the end is the one chosen."""

from django.db import migrations

from accounts.visibility import WORKER_ROLE

REASONS = """
UPDATE inventory_productgrant granted
SET is_by_hand = NOT by_request, hand_ends_on = CASE WHEN by_request THEN NULL ELSE ends_on END
FROM (
  SELECT id, EXISTS (
    SELECT FROM sharing_sharingrequest asked
    WHERE asked.product_id = one.product_id AND asked.company_id = one.recipient_id
      AND asked.mode = 'live' AND asked.shared_at IS NOT NULL
  ) AS by_request
  FROM inventory_productgrant one
) reason
WHERE reason.id = granted.id AND (by_request OR ends_on IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0005_same_identifier"), ("inventory", "0019_grants_by_hand")]

    operations = [
        migrations.RunSQL([f"SET LOCAL ROLE {WORKER_ROLE}", REASONS, "RESET ROLE"], migrations.RunSQL.noop)
    ]
