"""The built-in content of the factor database, as CSV files with a source on every row."""
