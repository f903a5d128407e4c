"""Boards for co-programming and co-design: aims, partners, documents, meetings; no prices, no ranking."""
