-- How many bytes of changes a guide holds, for its quota; kept true by whatever adds or removes some.
ALTER TABLE guide ADD COLUMN change_bytes INTEGER NOT NULL DEFAULT 0;

UPDATE guide SET change_bytes = (SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM change WHERE change.guide = guide.id);

CREATE TRIGGER change_added AFTER INSERT ON change BEGIN
    UPDATE guide SET change_bytes = change_bytes + LENGTH(NEW.bytes) WHERE id = NEW.guide;
END;

CREATE TRIGGER change_removed AFTER DELETE ON change BEGIN
    UPDATE guide SET change_bytes = change_bytes - LENGTH(OLD.bytes) WHERE id = OLD.guide;
END;

CREATE TRIGGER change_replaced AFTER UPDATE OF bytes ON change BEGIN
    UPDATE guide SET change_bytes = change_bytes + LENGTH(NEW.bytes) - LENGTH(OLD.bytes) WHERE id = NEW.guide;
END;
