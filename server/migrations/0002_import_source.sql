-- What each source said of a record when it was last imported: the base of the three-way comparison
-- that keeps what people changed by hand. JSON of the source's tree.
CREATE TABLE import_source (
    guide TEXT NOT NULL REFERENCES guide (id),
    scheme TEXT NOT NULL,
    record BLOB NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (guide, scheme, record)
) STRICT, WITHOUT ROWID;
