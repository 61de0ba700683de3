-- What a device said of itself when it last synced. The rows are device's own: nothing is signed here.

ALTER TABLE device ADD COLUMN last_sync_at INTEGER;
ALTER TABLE device ADD COLUMN program TEXT;
ALTER TABLE device ADD COLUMN pending INTEGER;
-- Its clock less the server's, milliseconds.
ALTER TABLE device ADD COLUMN clock_skew_ms INTEGER;

-- Who is silent, without walking over everybody.
CREATE INDEX device_heard ON device (coalesce(last_sync_at, created_at)) WHERE kind = 'field' AND revoked_at IS NULL;

-- What changed after a place in the log, for those who look on.
CREATE INDEX record_seq ON record (seq);

-- What somebody did.
CREATE INDEX audit_actor ON audit (actor, seq);
