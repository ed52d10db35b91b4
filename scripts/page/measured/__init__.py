"""What a page shows of the records: cards, tables, the ledger, faults, scale."""
