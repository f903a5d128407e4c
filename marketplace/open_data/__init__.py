"""The district's requests and their outcomes as open data."""
