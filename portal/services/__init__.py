"""Use cases: they take (db, actor, ..., now) and return frozen rows; the only code that queries."""
