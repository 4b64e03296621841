"""Inventories as Excel workbooks: taken home, filled in, compared line by line, stored when confirmed."""
