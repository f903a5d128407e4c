"""What is findable and how it ranks.

Knows nothing of Flask or of the database: it works on the plain values of
:mod:`search.documents`, answers the queries of :mod:`search.queries` and the
demands of :mod:`search.demand`, through any engine of :mod:`search.engine`.
"""
