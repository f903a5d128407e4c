"""Whether this installation can serve."""
