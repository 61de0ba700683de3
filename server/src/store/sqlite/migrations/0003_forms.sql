-- Forms beyond those built in: a version that was taken in never changes and never goes.

CREATE TABLE form (
    form_id TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    -- The file, as it came.
    body    TEXT NOT NULL,
    -- When it came, counted with every change of reference data.
    serial  INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (form_id, version)
) STRICT, WITHOUT ROWID;

-- Phones say how far they know reference data by one number, so units and forms count together.
INSERT INTO counter (name, value) SELECT 'data_serial', value FROM counter WHERE name = 'units_version';
INSERT INTO counter (name, value) VALUES ('forms_version', 0);
