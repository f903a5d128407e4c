"""``flask move``: the whole database into another one, SQLite to PostgreSQL and back."""
