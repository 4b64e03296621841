"""Static files under names that change with their content, on one machine."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Uncompressed: compressing takes longer than everything else at a first start. A page with a missing
    picture is better than no page."""

    manifest_strict = False
