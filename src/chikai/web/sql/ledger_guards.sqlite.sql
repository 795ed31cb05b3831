-- A row of ledger_entry is never changed.
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- A row of ledger_entry is never deleted.
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- A row of ledger_tile is never changed.
CREATE TRIGGER ledger_tile_no_update BEFORE UPDATE ON ledger_tile
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- A row of ledger_tile is never deleted.
CREATE TRIGGER ledger_tile_no_delete BEFORE DELETE ON ledger_tile
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- A row of ledger_checkpoint is never changed.
CREATE TRIGGER ledger_checkpoint_no_update BEFORE UPDATE ON ledger_checkpoint
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- A row of ledger_checkpoint is never deleted.
CREATE TRIGGER ledger_checkpoint_no_delete BEFORE DELETE ON ledger_checkpoint
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- A payload may be deleted with its key, and is never changed.
CREATE TRIGGER event_payload_no_update BEFORE UPDATE ON event_payload
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- A subject's row stays: a destroyed key is a tombstone.
CREATE TRIGGER subject_key_no_delete BEFORE DELETE ON subject_key
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- A destroyed key does not come back.
CREATE TRIGGER subject_key_no_return BEFORE UPDATE ON subject_key
WHEN OLD.state = 'destroyed' AND (NEW.state <> OLD.state OR NEW.tag_key IS NOT NULL OR NEW.data_key IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- A log is never deleted.
CREATE TRIGGER ledger_head_no_delete BEFORE DELETE ON ledger_head
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- A log only grows, keeps its origin, and stays closed once it is.
CREATE TRIGGER ledger_head_grows BEFORE UPDATE ON ledger_head
WHEN NEW.size < OLD.size OR NEW.feed < OLD.feed OR NEW.origin <> OLD.origin
  OR (OLD.closed_at IS NOT NULL AND (NEW.closed_at IS NULL OR NEW.size <> OLD.size))
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
