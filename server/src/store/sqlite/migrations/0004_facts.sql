-- What reports need of every record and nothing more: derived, made again by `soban rebuild`.
-- Clustered by kind, because a report reads whole kinds and nothing else. Days are counted from 1970-01-01.

CREATE TABLE fact (
    kind     INTEGER NOT NULL,
    record   BLOB NOT NULL CHECK (length(record) = 16),
    unit     BLOB CHECK (unit IS NULL OR length(unit) = 16),
    day      INTEGER,
    state    INTEGER NOT NULL,
    same_as  BLOB CHECK (same_as IS NULL OR length(same_as) = 16),
    conflict INTEGER NOT NULL,
    findings INTEGER NOT NULL,
    body     BLOB NOT NULL,
    PRIMARY KEY (kind, record)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX fact_record ON fact (record);
CREATE INDEX fact_lost ON fact (same_as) WHERE same_as IS NOT NULL;

-- Of which version the facts are. Below that of the program they are made again when it starts.
INSERT INTO counter (name, value) VALUES ('facts_version', 0);
