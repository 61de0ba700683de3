-- Lists of those who read only some units: every condition of a list is answered here, and only its rows are read.
CREATE INDEX record_list ON record (unit, kind, n, state, settled_at, same_as);
