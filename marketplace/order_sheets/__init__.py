"""A group order as its supplier gets it: one sheet, its files and mail, and what the supplier answers."""
