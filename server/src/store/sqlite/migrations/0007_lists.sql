-- Lists of those who read only some units: every condition of a list is answered here, and only its rows are read.
CREATE INDEX record_list ON record (unit, kind, n, state, settled_at, same_as);

-- The same for those who read everything of one kind, in the order of a list.
CREATE INDEX record_of_kind ON record (kind, n, unit, state, settled_at, same_as);
