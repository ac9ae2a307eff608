-- Why a record waits (see `held`), and which device's change made it wait.
CREATE TABLE held_because (
    guide TEXT NOT NULL REFERENCES guide (id),
    record BLOB NOT NULL,
    device BLOB NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (guide, record, device, why)
) STRICT, WITHOUT ROWID;

-- What became of changes that waited, from the first to the last of them. Those that were sent back
-- were never published, nor were the states between the first and the last of those let through.
CREATE TABLE verdict (
    guide TEXT NOT NULL REFERENCES guide (id),
    record BLOB NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    -- Who decided.
    device BLOB NOT NULL,
    -- For whoever is sent back.
    reason TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (guide, record, first_seq)
) STRICT, WITHOUT ROWID;

-- Whether readers ever saw a record is asked of each change of it.
CREATE INDEX edition_row_record ON edition_row (guide, record);
