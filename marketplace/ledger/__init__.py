"""The cassa of a group: an append-only ledger with double entry, payments, invoices."""
