-- One phone: who it is, what it holds, what the server has said of it.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
    id       BLOB PRIMARY KEY CHECK (length(id) = 16),
    kind     TEXT,
    document BLOB NOT NULL,
    aside    BLOB NOT NULL,
    gone     INTEGER NOT NULL CHECK (gone IN (0, 1))
) STRICT;
CREATE INDEX record_kind ON record (kind);

-- The same change may stand in two records: the key is both.
CREATE TABLE change (
    record      BLOB NOT NULL CHECK (length(record) = 16),
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    place       INTEGER NOT NULL,
    own         INTEGER NOT NULL CHECK (own IN (0, 1)),
    counter     INTEGER,
    state       TEXT NOT NULL CHECK (state IN ('pending', 'sealed', 'confirmed', 'waiting', 'parked', 'superseded')),
    reason      TEXT CHECK ((state = 'parked') = (reason IS NOT NULL)),
    claimed_at  INTEGER NOT NULL,
    received_at INTEGER,
    PRIMARY KEY (record, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_own ON change (state, place) WHERE own = 1;

CREATE TABLE envelope (
    device    BLOB NOT NULL CHECK (length(device) = 16),
    counter   INTEGER NOT NULL,
    place     INTEGER NOT NULL,
    bytes     BLOB NOT NULL,
    mark      BLOB NOT NULL CHECK (length(mark) = 8),
    attempted INTEGER NOT NULL CHECK (attempted IN (0, 1)),
    state     TEXT NOT NULL CHECK (state IN ('open', 'receipted', 'refused')),
    refused   TEXT CHECK ((state = 'refused') = (refused IS NOT NULL)),
    PRIMARY KEY (device, counter)
) STRICT;
CREATE INDEX envelope_open ON envelope (place) WHERE state = 'open';

CREATE TABLE envelope_record (
    record  BLOB NOT NULL,
    device  BLOB NOT NULL,
    counter INTEGER NOT NULL,
    PRIMARY KEY (record, device, counter)
) STRICT, WITHOUT ROWID;
CREATE INDEX envelope_record_of ON envelope_record (device, counter);

-- Updates as the server signed them, until newer ones make them unnecessary.
CREATE TABLE frame (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    bytes BLOB NOT NULL
) STRICT;
CREATE TABLE frame_record (
    record BLOB NOT NULL,
    frame  INTEGER NOT NULL REFERENCES frame (id),
    PRIMARY KEY (record, frame)
) STRICT, WITHOUT ROWID;
CREATE INDEX frame_record_of ON frame_record (frame);

CREATE TABLE cert (
    device BLOB PRIMARY KEY CHECK (length(device) = 16),
    bytes  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reference (
    name   TEXT PRIMARY KEY,
    serial INTEGER NOT NULL,
    body   BLOB NOT NULL
) STRICT;

-- Derived: the strings that likely duplicates are found by.
CREATE TABLE weak_key (
    kind   TEXT NOT NULL,
    key    TEXT NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (kind, key, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX weak_key_of ON weak_key (record);
