-- What officers found out about doubles, and where the queue looks. Derived: made again by rebuild.

-- The record that stands for this one.
ALTER TABLE record ADD COLUMN same_as BLOB CHECK (same_as IS NULL OR length(same_as) = 16);
CREATE INDEX record_same_as ON record (same_as) WHERE same_as IS NOT NULL;

-- An officer said that the two are not the same; noted in `record`.
CREATE TABLE not_same (
    record BLOB NOT NULL CHECK (length(record) = 16),
    other  BLOB NOT NULL CHECK (length(other) = 16),
    PRIMARY KEY (record, other)
) STRICT, WITHOUT ROWID;

-- Pairs that look alike and of which no officer has said what they are; `first` < `second`. What is asked of a list
-- stands in the pair, so that counting reads nothing else.
DROP TABLE duplicate;
CREATE TABLE duplicate (
    first       BLOB NOT NULL CHECK (length(first) = 16),
    second      BLOB NOT NULL CHECK (length(second) = 16),
    kind        TEXT NOT NULL,
    why         TEXT NOT NULL CHECK (json_valid(why)),
    first_unit  BLOB CHECK (first_unit IS NULL OR length(first_unit) = 16),
    second_unit BLOB CHECK (second_unit IS NULL OR length(second_unit) = 16),
    -- When the newer of the two last changed.
    settled_at  INTEGER NOT NULL,
    PRIMARY KEY (first, second),
    CHECK (first < second)
) STRICT, WITHOUT ROWID;
CREATE INDEX duplicate_second ON duplicate (second);

DROP INDEX record_conflict;
CREATE INDEX record_conflict ON record (n, unit, kind, settled_at) WHERE conflict = 'hard' AND same_as IS NULL;
CREATE INDEX record_edited ON record (n, unit, kind, settled_at) WHERE state = 'edited' AND same_as IS NULL;
CREATE INDEX record_finding ON record (n, unit, kind, settled_at)
    WHERE findings <> '[]' AND state IN ('received', 'edited') AND same_as IS NULL;
