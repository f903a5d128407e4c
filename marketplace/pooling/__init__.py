"""Needs of different groups added up, and the demand that nobody answers."""
