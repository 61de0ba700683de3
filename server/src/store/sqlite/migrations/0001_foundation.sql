-- Who the register is, who its people and devices are, where its units lie, and what was done.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Counters that only rise: certificate serials, versions of reference data.
CREATE TABLE counter (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('cert_serial', 0), ('units_version', 0), ('plans_version', 0);

CREATE TABLE user (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    login       TEXT NOT NULL UNIQUE CHECK (length(login) BETWEEN 1 AND 64),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    role        TEXT NOT NULL CHECK (role IN ('village_head', 'commune_cadre', 'district_officer',
                                              'province_officer', 'observer', 'admin')),
    password    TEXT,
    failures    INTEGER NOT NULL DEFAULT 0,
    wait_until  INTEGER,
    created_at  INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

-- Units may be built in or imported, so there is no foreign key to them.
CREATE TABLE user_unit (
    user BLOB NOT NULL REFERENCES user (id),
    unit BLOB NOT NULL CHECK (length(unit) = 16),
    PRIMARY KEY (user, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    user        BLOB NOT NULL REFERENCES user (id),
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('field', 'console')),
    public_key  BLOB NOT NULL CHECK (length(public_key) = 32),
    console_key BLOB CHECK ((kind = 'console') = (console_key IS NOT NULL)),
    created_at  INTEGER NOT NULL,
    revoked_at  INTEGER,
    serial      INTEGER NOT NULL UNIQUE,
    cert        BLOB NOT NULL
) STRICT;
CREATE INDEX device_user ON device (user);
CREATE UNIQUE INDEX device_console ON device (user) WHERE kind = 'console';

CREATE TABLE enrolment (
    id         INTEGER PRIMARY KEY,
    selector   TEXT NOT NULL,
    code       BLOB NOT NULL CHECK (length(code) = 32),
    user       BLOB NOT NULL REFERENCES user (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    device     BLOB REFERENCES device (id),
    failures   INTEGER NOT NULL DEFAULT 0,
    wait_until INTEGER
) STRICT;
CREATE INDEX enrolment_selector ON enrolment (selector);
CREATE INDEX enrolment_user ON enrolment (user);

CREATE TABLE token (
    hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
    device     BLOB NOT NULL REFERENCES device (id),
    created_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX token_device ON token (device);

CREATE TABLE session (
    hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
    user       BLOB NOT NULL REFERENCES user (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user);

CREATE TABLE unit (
    id   BLOB PRIMARY KEY CHECK (length(id) = 16),
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE plan (
    id   TEXT PRIMARY KEY,
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    target  TEXT NOT NULL,
    details TEXT NOT NULL CHECK (json_valid(details)),
    hash    BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_action ON audit (action);
CREATE INDEX audit_target ON audit (target);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
