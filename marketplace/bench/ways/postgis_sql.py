"""The SQL of :mod:`marketplace.bench.ways.postgis_way`."""

TABLES = """
CREATE TABLE supplier (id integer PRIMARY KEY, name text, seat geography(Point, 4326));
CREATE TABLE supplier_kind (supplier integer, kind text);
CREATE TABLE radius (supplier integer, centre geography(Point, 4326), metres double precision);
CREATE TABLE area_code (supplier integer, code text);
CREATE TABLE polygon (supplier integer, outline geometry(Geometry, 4326));
CREATE TABLE offer (id integer PRIMARY KEY, supplier integer, category text, words tsvector);
CREATE TABLE offer_criterion (offer integer, criterion text);
CREATE TABLE category_path (category text, above text)
"""

INDEXES = """
CREATE INDEX ON supplier USING gist (seat);
CREATE INDEX ON supplier USING gist ((seat::geometry));
CREATE INDEX ON supplier_kind (supplier);
CREATE INDEX ON radius (supplier);
CREATE INDEX ON area_code (supplier);
CREATE INDEX ON polygon (supplier);
CREATE INDEX ON offer (supplier, category);
CREATE INDEX ON offer (category);
CREATE INDEX ON offer USING gin (words);
CREATE INDEX ON offer_criterion (offer, criterion);
CREATE INDEX ON category_path (category);
ANALYZE
"""

OF_OFFERS = (("offer_criterion", "offer"), ("offer", "id"))
OF_SUPPLIERS = tuple(
    (table, "id" if table == "supplier" else "supplier")
    for table in ("supplier", "supplier_kind", "radius", "area_code", "polygon")
)

HERE = "ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)"
_RANK = "ts_rank('{0.2, 0.35, 0.7, 1.0}', words, %(words)s::tsquery)"

TEXT = f"""
SELECT id FROM offer WHERE words @@ %(words)s::tsquery ORDER BY {_RANK} DESC, id LIMIT %(hits)s
"""

TEXT_PLACE_CRITERIA = f"""
SELECT offer.id FROM offer JOIN supplier ON supplier.id = offer.supplier
WHERE words @@ %(words)s::tsquery
  AND EXISTS (SELECT 1 FROM offer_criterion WHERE offer = offer.id AND criterion = %(criterion)s)
  AND ST_DWithin(seat, {HERE}::geography, %(metres)s, false)
ORDER BY {_RANK} DESC, offer.id LIMIT %(hits)s
""".replace("WHERE offer = offer.id", "WHERE offer_criterion.offer = offer.id")

FACETS = f"""
WITH found AS MATERIALIZED (
    SELECT id, supplier, category FROM offer WHERE words @@ %(words)s::tsquery
), by_supplier AS MATERIALIZED (SELECT supplier, count(*) AS offers FROM found GROUP BY supplier
), distances AS (
    SELECT offers, ST_Distance(seat, {HERE}::geography, false) / 1000 AS km
    FROM by_supplier JOIN supplier ON supplier.id = by_supplier.supplier
), own AS (SELECT category, count(*) AS offers FROM found GROUP BY category)
SELECT 'category', above, sum(offers)::integer FROM own JOIN category_path USING (category) GROUP BY above
UNION ALL
SELECT 'criterion', criterion, count(*)::integer FROM found JOIN offer_criterion ON offer = found.id GROUP BY criterion
UNION ALL
SELECT 'kind', kind, sum(offers)::integer FROM by_supplier JOIN supplier_kind USING (supplier) GROUP BY kind
UNION ALL
SELECT 'distance', CASE WHEN km <= 5 THEN '5.0' WHEN km <= 15 THEN '15.0' WHEN km <= 30 THEN '30.0'
                        WHEN km <= 70 THEN '70.0' END AS band, sum(offers)::integer FROM distances GROUP BY band
"""

MAP_BOX = """
SELECT id, ST_Y(seat::geometry), ST_X(seat::geometry), count(*) OVER () FROM supplier
WHERE seat::geometry && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
  AND EXISTS (SELECT 1 FROM offer WHERE offer.supplier = supplier.id)
LIMIT %(most)s
"""

# What a hand-written query can do of a match: who can deliver what is asked here, those with more of the wished
# criteria and nearer ones first. No proofs, prices, quantities, reasons, counts of the rest or near misses.
MATCH = f"""
WITH near AS MATERIALIZED (
    SELECT id, ST_Distance(seat, {HERE}::geography, false) / 1000 AS km FROM supplier
    WHERE ST_DWithin(seat, {HERE}::geography, %(metres)s, false)
), suited AS MATERIALIZED (
    SELECT near.id, near.km FROM near
    WHERE EXISTS (SELECT 1 FROM offer WHERE offer.supplier = near.id AND offer.category = ANY(%(categories)s))
      AND (EXISTS (SELECT 1 FROM radius WHERE radius.supplier = near.id
                   AND ST_DWithin(centre, {HERE}::geography, radius.metres + 0.001, false))
           OR EXISTS (SELECT 1 FROM area_code WHERE area_code.supplier = near.id AND code = ANY(%(codes)s))
           OR EXISTS (SELECT 1 FROM polygon WHERE polygon.supplier = near.id AND ST_Intersects(outline, {HERE})))
)
SELECT suited.id FROM suited
ORDER BY 4.0 * (SELECT count(DISTINCT criterion) FROM offer JOIN offer_criterion ON offer_criterion.offer = offer.id
                WHERE offer.supplier = suited.id AND offer.category = ANY(%(categories)s)
                  AND criterion = ANY(%(criteria)s)) / greatest(1, cardinality(%(criteria)s))
         + 2.0 * power(0.5, greatest(0, suited.km - 1) / 10) DESC, suited.km, suited.id
"""
