"""Where things are: points, distances, delivery areas, names of places.

Imports the standard library, numpy, shapely and geopy only: no Flask, no database, nothing of
the other rooms. Everything here is a plain value or a pure function, except the two geocoders,
which read a file (`gazetteer`) or ask a server (`nominatim`).
"""
