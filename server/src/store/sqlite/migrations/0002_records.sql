-- The log (truth): envelopes as they were signed, and every change with what became of it.

CREATE TABLE envelope (
    n           INTEGER PRIMARY KEY,
    device      BLOB NOT NULL CHECK (length(device) = 16),
    counter     INTEGER NOT NULL,
    claimed_at  INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    signature   BLOB NOT NULL CHECK (length(signature) = 64),
    items       BLOB NOT NULL CHECK (length(items) > 0 AND length(items) % 48 = 0),
    UNIQUE (device, counter)
) STRICT;

-- Who handed an envelope in: they hold a copy and are told what becomes of it.
CREATE TABLE carrier (
    envelope INTEGER NOT NULL REFERENCES envelope (n),
    device   BLOB NOT NULL CHECK (length(device) = 16),
    PRIMARY KEY (envelope, device)
) STRICT, WITHOUT ROWID;

-- Updates this server signed in an earlier epoch and forgot: a device brought them back.
CREATE TABLE vouched (
    n           INTEGER PRIMARY KEY,
    received_at INTEGER NOT NULL,
    brought_by  BLOB NOT NULL CHECK (length(brought_by) = 16),
    signature   BLOB NOT NULL UNIQUE CHECK (length(signature) = 64),
    body        BLOB NOT NULL
) STRICT;

CREATE TABLE change (
    n           INTEGER PRIMARY KEY,
    record      BLOB NOT NULL CHECK (length(record) = 16),
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    bytes       BLOB NOT NULL,
    signer      BLOB CHECK (signer IS NULL OR length(signer) = 16),
    envelope    INTEGER REFERENCES envelope (n),
    vouched     INTEGER REFERENCES vouched (n),
    received_at INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('applied', 'waiting', 'parked', 'superseded')),
    reason      TEXT CHECK ((state = 'parked') = (reason IS NOT NULL)),
    cleared     INTEGER NOT NULL DEFAULT 0,
    seq         INTEGER CHECK ((state = 'applied') = (seq IS NOT NULL)),
    settled_at  INTEGER NOT NULL,
    UNIQUE (record, hash),
    CHECK ((envelope IS NULL) <> (vouched IS NULL))
) STRICT;
CREATE UNIQUE INDEX change_seq ON change (seq) WHERE seq IS NOT NULL;
CREATE INDEX change_applied ON change (record, seq) WHERE seq IS NOT NULL;
CREATE INDEX change_aside ON change (record) WHERE state IN ('waiting', 'parked');
CREATE INDEX change_parked ON change (n) WHERE state = 'parked';
CREATE INDEX change_parked_hash ON change (hash) WHERE state = 'parked';
CREATE INDEX change_envelope ON change (envelope);

-- What became of a change after its receipt went out, for the devices that hold it.
CREATE TABLE ruling (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    device BLOB NOT NULL CHECK (length(device) = 16),
    record BLOB NOT NULL CHECK (length(record) = 16),
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    reason TEXT
) STRICT;
CREATE INDEX ruling_device ON ruling (device, seq);

INSERT INTO counter (name, value) VALUES ('applied_seq', 0);

-- Everything below is derived from the log and is made again by `soban rebuild`.

CREATE TABLE record (
    n          INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind       TEXT NOT NULL,
    form       INTEGER NOT NULL,
    unit       BLOB CHECK (unit IS NULL OR length(unit) = 16),
    seq        INTEGER NOT NULL,
    entered    INTEGER NOT NULL,
    document   BLOB NOT NULL,
    heads      BLOB NOT NULL,
    answers    TEXT NOT NULL CHECK (json_valid(answers)),
    title      TEXT NOT NULL,
    sort_key   BLOB NOT NULL,
    state      TEXT NOT NULL,
    conflicts  TEXT NOT NULL CHECK (json_valid(conflicts)),
    conflict   TEXT CHECK (conflict IN ('soft', 'hard')),
    findings   TEXT NOT NULL CHECK (json_valid(findings)),
    settled_at INTEGER NOT NULL
) STRICT;
CREATE INDEX record_feed ON record (unit, seq);
CREATE INDEX record_kind ON record (kind, unit, n);
CREATE INDEX record_conflict ON record (conflict) WHERE conflict IS NOT NULL;

-- Records that left a unit, for the devices that still hold a copy.
CREATE TABLE gone (
    unit   BLOB NOT NULL CHECK (length(unit) = 16),
    kind   TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    record BLOB NOT NULL CHECK (length(record) = 16),
    PRIMARY KEY (unit, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE weak_key (
    kind   TEXT NOT NULL,
    key    TEXT NOT NULL,
    record BLOB NOT NULL CHECK (length(record) = 16),
    PRIMARY KEY (kind, key, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX weak_key_record ON weak_key (record);

-- Pairs that look like the same person or event; `first` < `second`.
CREATE TABLE duplicate (
    first  BLOB NOT NULL CHECK (length(first) = 16),
    second BLOB NOT NULL CHECK (length(second) = 16),
    kind   TEXT NOT NULL,
    why    TEXT NOT NULL CHECK (json_valid(why)),
    PRIMARY KEY (first, second),
    CHECK (first < second)
) STRICT, WITHOUT ROWID;
CREATE INDEX duplicate_second ON duplicate (second);

CREATE VIRTUAL TABLE record_search USING fts5 (
    folded, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);
