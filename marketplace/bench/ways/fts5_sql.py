"""The SQL of :mod:`marketplace.bench.ways.fts5_way`."""

from geo.distance import EARTH_RADIUS_KM

TABLES = """
CREATE TABLE supplier (id INTEGER PRIMARY KEY, name TEXT, lat REAL, lon REAL);
CREATE TABLE supplier_kind (supplier INTEGER, kind TEXT);
CREATE TABLE area (supplier INTEGER, kind TEXT, what TEXT, radius REAL, lat REAL, lon REAL);
CREATE TABLE offer (id INTEGER PRIMARY KEY, supplier INTEGER, category TEXT);
CREATE TABLE offer_criterion (offer INTEGER, criterion TEXT, PRIMARY KEY (offer, criterion)) WITHOUT ROWID;
CREATE TABLE category_path (category TEXT, above TEXT, PRIMARY KEY (category, above)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (title, description, category, context, tokenize='unicode61');
"""

# Made after the rows, which is faster. FTS5 merges what it wrote in batches into one list a word.
INDEXES = """
CREATE INDEX offer_supplier ON offer (supplier, category);
CREATE INDEX kind_supplier ON supplier_kind (supplier);
CREATE INDEX area_supplier ON area (supplier);
CREATE INDEX supplier_place ON supplier (lat, lon, id);
INSERT INTO words (words) VALUES ('optimize');
ANALYZE;
"""

OFFERS_OF = "SELECT id FROM offer WHERE supplier = ?"
#: Tables to be cleared of a supplier's offers, and of the supplier, with the column that names it.
OF_OFFERS = (("offer", "id"), ("offer_criterion", "offer"), ("words", "rowid"))
OF_SUPPLIERS = (("supplier", "id"), ("supplier_kind", "supplier"), ("area", "supplier"))

# SQLite's own functions: one of ours would be called back for every row.
KM = f"""(2 * {EARTH_RADIUS_KM} * asin(sqrt(min(1.0,
    pow(sin(radians(supplier.lat - :lat) / 2), 2)
    + cos(radians(:lat)) * cos(radians(supplier.lat)) * pow(sin(radians(supplier.lon - :lon) / 2), 2)))))"""

_RANK = "bm25(words, :title, :description, :category, :context)"

TEXT = f"SELECT rowid FROM words WHERE words MATCH :words ORDER BY {_RANK} LIMIT :hits"

TEXT_PLACE_CRITERIA = f"""
SELECT offer.id FROM words
JOIN offer ON offer.id = words.rowid
JOIN supplier ON supplier.id = offer.supplier
WHERE words MATCH :words
  AND EXISTS (SELECT 1 FROM offer_criterion WHERE offer = words.rowid AND criterion = :criterion)
  AND supplier.lat BETWEEN :south AND :north AND supplier.lon BETWEEN :west AND :east
  AND {KM} <= :radius
ORDER BY {_RANK} LIMIT :hits
"""

FACETS = f"""
WITH found AS MATERIALIZED (
    SELECT offer.id, offer.supplier, offer.category FROM words JOIN offer ON offer.id = words.rowid
    WHERE words MATCH :words
), by_supplier AS MATERIALIZED (SELECT supplier, count(*) AS offers FROM found GROUP BY supplier
), distances AS (
    SELECT offers, {KM} AS km FROM by_supplier JOIN supplier ON supplier.id = by_supplier.supplier
), own AS (SELECT category, count(*) AS offers FROM found GROUP BY category)
SELECT 'category', above, sum(offers) FROM own JOIN category_path USING (category) GROUP BY above
UNION ALL
SELECT 'criterion', criterion, count(*) FROM found JOIN offer_criterion ON offer = found.id GROUP BY criterion
UNION ALL
SELECT 'kind', kind, sum(offers) FROM by_supplier JOIN supplier_kind USING (supplier) GROUP BY kind
UNION ALL
SELECT 'distance', CASE WHEN km <= 5 THEN 5.0 WHEN km <= 15 THEN 15.0 WHEN km <= 30 THEN 30.0
                        WHEN km <= 70 THEN 70.0 END AS band, sum(offers) FROM distances GROUP BY band
"""

MAP_BOX = """
SELECT id, lat, lon, count(*) OVER () FROM supplier
WHERE lat BETWEEN :south AND :north AND lon BETWEEN :west AND :east
  AND EXISTS (SELECT 1 FROM offer WHERE offer.supplier = supplier.id)
LIMIT :most
"""

# What a hand-written query can do of a match: who can deliver what is asked here, those with more of the wished
# criteria and nearer ones first. No proofs, prices, quantities, reasons or near misses.
MATCH = f"""
WITH near AS MATERIALIZED (
    SELECT id, {KM} AS km FROM supplier
    WHERE supplier.lat BETWEEN :south AND :north AND supplier.lon BETWEEN :west AND :east AND {KM} <= :radius
), suited AS (
    SELECT near.id, near.km FROM near
    WHERE EXISTS (SELECT 1 FROM offer
                  WHERE offer.supplier = near.id AND offer.category IN (SELECT value FROM json_each(:categories)))
      AND EXISTS (SELECT 1 FROM area WHERE area.supplier = near.id AND CASE area.kind
            WHEN 'radius' THEN (2 * {EARTH_RADIUS_KM} * asin(sqrt(min(1.0,
                pow(sin(radians(area.lat - :lat) / 2), 2) + cos(radians(:lat)) * cos(radians(area.lat))
                * pow(sin(radians(area.lon - :lon) / 2), 2))))) <= area.radius + 1e-6
            WHEN 'comune' THEN area.what = :comune
            WHEN 'province' THEN area.what = :province
            ELSE inside(area.what, :lat, :lon) END)
)
SELECT suited.id FROM suited
ORDER BY 4.0 * (SELECT count(DISTINCT criterion) FROM offer JOIN offer_criterion ON offer_criterion.offer = offer.id
                WHERE offer.supplier = suited.id AND offer.category IN (SELECT value FROM json_each(:categories))
                  AND criterion IN (SELECT value FROM json_each(:criteria)))
             / max(1, json_array_length(:criteria))
         + 2.0 * pow(0.5, max(0, suited.km - 1) / 10) DESC, suited.km, suited.id
"""
