"""Publications: whose they are, whom they are meant for, how they move, and what never changes."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.reviews_sql import kept_columns, never_removed, written_once
from accounts.sql import same_company, tenant_table
from accounts.states_sql import only_moves
from footprint.publication.procedure import PUBLICATION
from footprint.publication.sql import KEYS, MEANT, PUBLISHES, RECEIVED

PEOPLE = ("prepared_by_id", "self_checked_by_id", "approved_by_id", "published_by_id")
SNAPSHOT = (
    "uuid", "company_id", "product_id", "inventory_id", "preceding_id", "number", "name_zh", "name_en",
    "period_start", "period_end", "unit", "kg_co2e_ar6", "input_digest", "visibility", "content",
    "content_hash", "valid_until", "created_at",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0001_initial"),
        ("accounts", "0003_locks"),
        ("calculation", "0002_locks"),
        ("inventory", "0005_submission_locks"),
    ]

    operations = [
        tenant_table("publication_publicationrecipient", also_readable=RECEIVED),
        tenant_table("publication_publication", also_readable=MEANT),
        tenant_table("publication_publicationstep"),
        same_company("publication_publication", "product_id", "inventory_product"),
        same_company("publication_publication", "inventory_id", "inventory_inventory"),
        same_company("publication_publication", "footprint_id", "calculation_footprint"),
        same_company("publication_publication", "preceding_id", "publication_publication"),
        same_company("publication_publicationstep", "publication_id", "publication_publication"),
        same_company("publication_publicationrecipient", "publication_id", "publication_publication"),
        only_moves("publication_publication", PUBLICATION.edges, forgets=("footprint_id", *PEOPLE)),
        kept_columns("publication_publication", SNAPSHOT),
        migrations.RunSQL(
            PUBLISHES,
            "DROP TRIGGER publishes ON publication_publication;"
            " DROP FUNCTION publication_publication_publishes();",
        ),
        migrations.RunSQL(
            KEYS,
            "DROP TRIGGER is_kept ON publication_signingkey; DROP FUNCTION publication_signingkey_is_kept();",
        ),
        written_once("publication_publicationstep"),
        *(
            never_removed(f"publication_{table}")
            for table in ("publication", "publicationstep", "publicationrecipient")
        ),
        audited(
            "publication_publication",
            within=("product_id", "inventory_product"),
            ignoring=("content", "jws"),
        ),
        audited("publication_publicationrecipient", within=("publication_id", "publication_publication")),
        audited("publication_signingkey", company="NULL::bigint"),
    ]
