-- When a record was purged, as a number of the feed: devices that have fetched less learn of it.
ALTER TABLE purged ADD COLUMN feed_seq INTEGER NOT NULL DEFAULT 0;

CREATE INDEX purged_feed ON purged (guide, feed_seq);

-- The revision of the edition since which nothing was purged. A copy from before may still hold a
-- purged record's text in what it was made from: it is fetched whole.
ALTER TABLE guide ADD COLUMN whole_revision INTEGER NOT NULL DEFAULT 0;
