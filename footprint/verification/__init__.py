"""Verification: engagements, samples, findings, statements of verification bodies."""
