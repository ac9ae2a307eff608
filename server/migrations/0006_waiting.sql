-- How many records wait because of one device is asked of each of its changes that wait.
CREATE INDEX held_because_device ON held_because (guide, device);
