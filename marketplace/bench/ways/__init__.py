"""The ways that are measured side by side: our engine, and what one would use without it."""
