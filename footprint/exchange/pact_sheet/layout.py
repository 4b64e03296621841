"""What the sheet looks like. Pure.

Source: the simplified data model in Excel beside PACT's openapi 3.0.3: a title, a version, heads, then one
property a row and one footprint a column. How it writes lists and nested properties in a cell nobody compared
with the original yet: here it is one value on a line, and JSON for what has parts.
"""

from __future__ import annotations

from footprint.partners.pact.fields import SPEC_VERSION

TITLE = "PACT Simplified Data Model"
VERSION = f"Version {SPEC_VERSION}"
PROPERTY = "Technical Property"
HEADS = (
    PROPERTY, "Methodology Attribute", "Methodology Section", "Reporting Rule", "Description", "Category",
    "Unit", "Comment", "Accepted Value(s)",
)  # fmt: skip
EXAMPLE = "Example {}"
HEAD_ROW = 3
FIRST_COLUMN = len(HEADS) + 1
MOST_FOOTPRINTS = 50
MOST_HEAD_ROW = 20
