"""Does an endpoint speak PACT? What the official suite asks, in our own words, and stricter checks."""
