"""Which invariants to keep."""
