"""The shop's own tills: receipts and stock kept by us."""
