"""Generated places: anywhere on Earth, or around the province of Bergamo."""

from hypothesis import strategies as st

from geo.points import Point


def points():
    return st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def local_points():
    return st.builds(Point, st.floats(45.4, 46.1), st.floats(9.3, 10.3))
