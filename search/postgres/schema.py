"""The tables: a schema of their own for each build, and one row that says which build is read.

::

    search.current            one row: the build in use, its generation, what it counts
    search_<build>.offer      one row per offer: what conditions need, and the whole of it as a record
    search_<build>.supplier   the same for suppliers, with the seat as a geography
    search_<build>.area       one row per delivery area: what covers a place
    search_<build>.claim      one row per claim: who holds a criterion
    search_<build>.tally      how many offers have a stem, a written word, a category
    search_<build>.code       numbers for categories, units, criteria and other codes
    search_<build>.change     which generation changed which supplier

The index is a cache: it is made by the engine and by no migration, in one transaction that the row of
``current`` ends, so that a build that dies half-way leaves nothing behind.
"""

FORMAT = 1
"""Raised whenever what is stored, or how text becomes stems, changes: an index of another format is built anew."""

EXTENSIONS = ("postgis", "pg_trgm")

STEM, WORD, CATEGORY = "s", "w", "c"
"""What a tally counts: stems of any field, words as they are written, categories by their number."""

CONTROL = """
CREATE SCHEMA IF NOT EXISTS {prefix};
CREATE TABLE IF NOT EXISTS {prefix}.current (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    build integer NOT NULL,
    generation bigint NOT NULL,
    format integer NOT NULL,
    tree_version text NOT NULL,
    suppliers integer NOT NULL,
    offers integer NOT NULL,
    considered integer NOT NULL,
    codes integer NOT NULL
)
"""

BUILD = """
CREATE SCHEMA {s};
CREATE TABLE {s}.supplier (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    seat geography(Point, 4326),
    considered boolean NOT NULL,
    shown boolean NOT NULL,
    kinds integer[] NOT NULL,
    record bytea NOT NULL,
    claims bytea NOT NULL,
    kinds_record bytea NOT NULL,
    qualifications bytea NOT NULL
);
CREATE TABLE {s}.offer (
    id bigint NOT NULL,
    supplier_id bigint NOT NULL,
    category integer NOT NULL,
    listed boolean NOT NULL,
    shown boolean NOT NULL,
    months smallint NOT NULL,
    price bigint,
    stems tsvector NOT NULL,
    words text[] NOT NULL,
    record bytea NOT NULL,
    claims bytea NOT NULL,
    areas bytea NOT NULL
);
CREATE TABLE {s}.area (
    supplier_id bigint NOT NULL,
    position integer NOT NULL,
    km double precision,
    lat double precision,
    lon double precision,
    codes text[] NOT NULL,
    shape geometry(Geometry, 4326)
);
CREATE TABLE {s}.claim (
    supplier_id bigint NOT NULL,
    offer_id bigint,
    criterion integer NOT NULL,
    proof text NOT NULL,
    expires date NOT NULL
);
CREATE TABLE {s}.tally (
    kind "char" NOT NULL,
    term text NOT NULL,
    offers integer NOT NULL,
    PRIMARY KEY (kind, term)
);
CREATE TABLE {s}.code (number integer PRIMARY KEY, code text NOT NULL);
CREATE TABLE {s}.change (generation bigint NOT NULL, supplier_id bigint NOT NULL)
"""

# Made after the rows, which is faster. GIN without a list of pending entries: every search would read it whole.
INDEXES = """
CREATE INDEX ON {s}.supplier USING gist (seat);
CREATE INDEX ON {s}.supplier USING gist ((seat::geometry));
CREATE INDEX ON {s}.offer (supplier_id);
CREATE INDEX ON {s}.offer (category) WHERE listed;
CREATE INDEX ON {s}.offer USING gin (stems) WITH (fastupdate = off);
CREATE INDEX ON {s}.area (supplier_id);
CREATE INDEX ON {s}.area USING gin (codes) WITH (fastupdate = off);
CREATE INDEX ON {s}.area USING gist (shape);
CREATE INDEX ON {s}.claim (supplier_id);
CREATE INDEX ON {s}.claim (criterion, proof);
CREATE INDEX ON {s}.tally (term text_pattern_ops) WHERE kind = 'w';
CREATE INDEX ON {s}.tally (kind) WHERE offers <= 0;
CREATE INDEX ON {s}.tally USING gin (term gin_trgm_ops) WHERE kind = 'w';
CREATE INDEX ON {s}.change (generation);
ANALYZE {s}.supplier, {s}.offer, {s}.area, {s}.claim, {s}.tally
"""

TABLES_OF_SUPPLIERS = {
    "supplier": "id",
    "offer": "supplier_id",
    "area": "supplier_id",
    "claim": "supplier_id",
}
"""Where the rows of a supplier are, with the column that names it."""

COLUMNS = {
    "supplier": "id, name, seat, considered, shown, kinds, record, claims, kinds_record, qualifications",
    "offer": "id, supplier_id, category, listed, shown, months, price, stems, words, record, claims, areas",
    "area": "supplier_id, position, km, lat, lon, codes, shape",
    "claim": "supplier_id, offer_id, criterion, proof, expires",
}
"""The columns of each table in the order in which rows are written."""

TALLY_ALL = """
INSERT INTO {s}.tally (kind, term, offers)
SELECT 's', word, ndoc FROM ts_stat('SELECT stems FROM {s}.offer WHERE shown')
UNION ALL
SELECT 'w', word, count(*) FROM {s}.offer, unnest(words) AS word WHERE shown GROUP BY word
UNION ALL
SELECT 'c', category::text, count(*) FROM {s}.offer WHERE shown GROUP BY category
"""

TALLY_SOME = """
INSERT INTO {s}.tally AS known (kind, term, offers)
SELECT kind, term, %(sign)s * count(*) FROM (
    SELECT 's'::"char" AS kind, unnest(tsvector_to_array(stems)) AS term
    FROM {s}.offer WHERE supplier_id = ANY(%(ids)s) AND shown
    UNION ALL
    SELECT 'w', unnest(words) FROM {s}.offer WHERE supplier_id = ANY(%(ids)s) AND shown
    UNION ALL
    SELECT 'c', category::text FROM {s}.offer WHERE supplier_id = ANY(%(ids)s) AND shown
) AS each_term GROUP BY kind, term ORDER BY kind, term
ON CONFLICT (kind, term) DO UPDATE SET offers = known.offers + EXCLUDED.offers
"""

COUNT_SOME = """
SELECT (SELECT count(*) FROM {s}.supplier WHERE id = ANY(%(ids)s)),
       (SELECT count(*) FROM {s}.supplier WHERE id = ANY(%(ids)s) AND considered),
       (SELECT count(*) FROM {s}.offer WHERE supplier_id = ANY(%(ids)s))
"""
COUNT_ALL = """
SELECT (SELECT count(*) FROM {s}.supplier), (SELECT count(*) FROM {s}.supplier WHERE considered),
       (SELECT count(*) FROM {s}.offer)
"""
