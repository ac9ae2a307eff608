-- The relay's tables. `change`, `receipt`, `device`, `invite`, `purged` and `held` are the truth;
-- `document`, `edition` and `edition_row` are derived from them and can be built again.
-- Ids of records, devices and batches are 16 bytes. Days are ISO text. No address, no user agent,
-- no secret: of tokens only the SHA-256 is kept.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How many commits this database has seen; together with a file beside it, this shows a database
-- that was restored from an older copy.
INSERT INTO setting (name, value) VALUES ('commits', '0');

CREATE TABLE guide (
    id TEXT PRIMARY KEY,
    created TEXT NOT NULL,
    feed_seq INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    guide TEXT NOT NULL REFERENCES guide (id),
    id BLOB NOT NULL,
    public_key BLOB NOT NULL,
    role TEXT NOT NULL,
    pseudonym TEXT NOT NULL,
    active INTEGER NOT NULL,
    joined TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    read_token_hash BLOB UNIQUE,
    PRIMARY KEY (guide, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invite (
    token_hash BLOB PRIMARY KEY,
    guide TEXT NOT NULL REFERENCES guide (id),
    role TEXT NOT NULL,
    -- Hours since 1970-01-01T00 UTC.
    expires_hour INTEGER NOT NULL,
    -- The device that used it.
    used_by BLOB
) STRICT, WITHOUT ROWID;

-- The log of everything accepted. The same bytes may start two records of one session, so a hash is
-- unique within its record only.
CREATE TABLE change (
    guide TEXT NOT NULL REFERENCES guide (id),
    feed_seq INTEGER NOT NULL,
    record BLOB NOT NULL,
    hash BLOB NOT NULL,
    actor BLOB NOT NULL,
    seq INTEGER NOT NULL,
    device BLOB NOT NULL,
    day TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (guide, feed_seq),
    UNIQUE (guide, record, hash),
    UNIQUE (guide, record, actor, seq)
) STRICT;

CREATE INDEX change_actor ON change (guide, actor);

-- What was answered to each accepted batch, so that a batch sent twice gets the same answer.
CREATE TABLE receipt (
    guide TEXT NOT NULL REFERENCES guide (id),
    batch BLOB NOT NULL,
    digest BLOB NOT NULL,
    feed_seq INTEGER NOT NULL,
    PRIMARY KEY (guide, batch)
) STRICT, WITHOUT ROWID;

CREATE TABLE purged (
    guide TEXT NOT NULL REFERENCES guide (id),
    record BLOB NOT NULL,
    PRIMARY KEY (guide, record)
) STRICT, WITHOUT ROWID;

-- Records whose changes from `feed_seq` on wait for an editor; readers see them as they were before.
CREATE TABLE held (
    guide TEXT NOT NULL REFERENCES guide (id),
    record BLOB NOT NULL,
    feed_seq INTEGER NOT NULL,
    PRIMARY KEY (guide, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
    guide TEXT NOT NULL REFERENCES guide (id),
    record BLOB NOT NULL,
    kind TEXT NOT NULL,
    -- The number of the record's latest change.
    feed_seq INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (guide, record)
) STRICT;

CREATE INDEX document_feed ON document (guide, feed_seq);

CREATE TABLE edition (
    guide TEXT PRIMARY KEY REFERENCES guide (id),
    revision INTEGER NOT NULL,
    -- Everything up to this number is published.
    feed_seq INTEGER NOT NULL,
    -- The guide-local day it was projected on: hours are expanded from then.
    today TEXT NOT NULL,
    published TEXT NOT NULL,
    header TEXT NOT NULL,
    header_revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A row without JSON says that the record was public once and is no longer.
CREATE TABLE edition_row (
    guide TEXT NOT NULL REFERENCES guide (id),
    language TEXT NOT NULL,
    record BLOB NOT NULL,
    json TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (guide, language, record)
) STRICT;

CREATE INDEX edition_row_revision ON edition_row (guide, language, revision);
