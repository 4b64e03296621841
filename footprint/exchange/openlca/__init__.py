"""openLCA's exchange format, JSON-LD in a zip: read, planned and stored."""
