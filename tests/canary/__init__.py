"""Rivals in one system: what one may ask for never shows what the other entered."""
