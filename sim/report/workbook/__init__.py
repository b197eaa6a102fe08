"""`report.xlsx`: a workbook that adds up, and books its ledgers anew as inputs are changed."""
