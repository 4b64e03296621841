"""Factor proposals as a workbook: the columns of the CSV batch, in either language."""
