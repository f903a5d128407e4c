"""What people asked to be told: saved searches and areas, preferences, feeds."""
