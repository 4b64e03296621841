"""PACT's ProductFootprint, pure: what it consists of, what is wrong with one, and its older dialect.

Uses and derives from the PACT Technical Specifications of WBCSD (v3.0.3, v2.3.3); no endorsement is implied.
Documents are the mappings that JSON gives, numbers in them texts that are never rewritten.
"""
