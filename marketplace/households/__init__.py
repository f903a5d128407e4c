"""The households of a group: who books, with whom, and what the group settled for all its orders."""
