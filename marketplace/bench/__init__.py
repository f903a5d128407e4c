"""Figures: how fast the search is on generated districts, and how well it finds what people mean."""
