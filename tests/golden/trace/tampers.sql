-- a byte of a body
UPDATE trace_record SET body = set_byte(body, $BYTE, 255 - get_byte(body, $BYTE))
WHERE leaf_index = $AT;
-- a body and its hash
UPDATE trace_record
SET body = convert_to(replace(convert_from(body, 'UTF8'), 'system', 'sistem'), 'UTF8')
WHERE leaf_index = $AT;
UPDATE trace_record SET leaf_hash = sha256('\x00'::bytea || body) WHERE leaf_index = $AT;
-- a body, its hash, its actor and its tile
UPDATE trace_record
SET body = convert_to(replace(convert_from(body, 'UTF8'), 'system', 'sistem'), 'UTF8'),
    actor = 'sistem'
WHERE leaf_index = $AT;
UPDATE trace_record SET leaf_hash = sha256('\x00'::bytea || body) WHERE leaf_index = $AT;
UPDATE trace_tile SET content = overlay(
    content PLACING (SELECT leaf_hash FROM trace_record WHERE leaf_index = $AT)
    FROM $AT % 256 * 32 + 1)
WHERE level = 0 AND tile_index = $AT / 256;
-- a leaf hash
UPDATE trace_record SET leaf_hash = sha256('x') WHERE leaf_index = $AT;
-- an actor beside the body
UPDATE trace_record SET actor = 'person/9' WHERE leaf_index = $AT;
-- a time beside the body
UPDATE trace_record SET at = at + interval '1 microsecond' WHERE leaf_index = $AT;
-- a subject beside the body
UPDATE trace_record SET subject = 'case/9' WHERE leaf_index = $AT;
-- a kind beside the body
UPDATE trace_record SET kind = 'case.closed' WHERE leaf_index = $AT;
-- an id beside the body
UPDATE trace_record SET id = gen_random_uuid() WHERE leaf_index = $AT;
-- a record deleted
DELETE FROM trace_record WHERE leaf_index = $AT;
-- a run of records deleted
DELETE FROM trace_record WHERE leaf_index >= $AT;
-- a record deleted and the rest moved up
DELETE FROM trace_record WHERE leaf_index = $AT;
UPDATE trace_record SET leaf_index = leaf_index - 1 WHERE leaf_index > $AT;
-- a record doubled
INSERT INTO trace_record (id, leaf_index, leaf_hash, body, kind, subject, actor, at)
SELECT gen_random_uuid(), leaf_index, leaf_hash, body, kind, subject, actor, at
FROM trace_record WHERE leaf_index = $AT;
-- a record slipped in
UPDATE trace_record SET leaf_index = leaf_index + 1 WHERE leaf_index >= $AT;
INSERT INTO trace_record (id, leaf_index, leaf_hash, body, kind, subject, actor, at)
VALUES (gen_random_uuid(), $AT, sha256('\x007b7d'), '\x7b7d', 'a', 'a', 'a', now());
-- a record put after the end
INSERT INTO trace_record (id, leaf_index, leaf_hash, body, kind, subject, actor, at)
VALUES (gen_random_uuid(), 600 + $TILE, sha256('\x007b7d'), '\x7b7d', 'a', 'a', 'a', now());
-- a record put absurdly far
UPDATE trace_record SET leaf_index = 1152921504606846976 WHERE leaf_index = $AT;
-- a record put before the beginning
UPDATE trace_record SET leaf_index = -1 WHERE leaf_index = $AT;
-- two records swapped
UPDATE trace_record SET leaf_index = $AT + $AT + 1 - leaf_index
WHERE leaf_index IN ($AT, $AT + 1);
-- a record sent back to wait
UPDATE trace_record SET leaf_index = NULL WHERE leaf_index = $AT;
-- a byte of a tile
UPDATE trace_tile SET content = set_byte(content, $BYTE, 255 - get_byte(content, $BYTE))
WHERE level = $LEVEL AND tile_index = 0;
-- a tile cut short
UPDATE trace_tile SET content = substring(content FROM 1 FOR 32)
WHERE level = 0 AND tile_index = $TILE;
-- a tile grown
UPDATE trace_tile SET content = content || sha256('x') WHERE tile_index = 2;
-- a tile deleted
DELETE FROM trace_tile WHERE level = 0 AND tile_index = $TILE;
-- an upper tile deleted
DELETE FROM trace_tile WHERE level = 1;
-- a tile added
INSERT INTO trace_tile VALUES ($SMALL, $SMALL, sha256('x'));
-- two tiles swapped
UPDATE trace_tile SET tile_index = 9 WHERE level = 0 AND tile_index = 0;
UPDATE trace_tile SET tile_index = 0 WHERE level = 0 AND tile_index = 1;
UPDATE trace_tile SET tile_index = 1 WHERE level = 0 AND tile_index = 9;
-- a checkpoint's signature
UPDATE trace_checkpoint SET note = translate(note, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'BCDEFGHIJKLMNOPQRSTUVWXYZA') WHERE size = $SIGNED;
-- a checkpoint's root
UPDATE trace_checkpoint SET root = sha256('x') WHERE size = $SIGNED;
-- a checkpoint's size
UPDATE trace_checkpoint SET size = size - 1 WHERE size = $SIGNED;
-- the latest checkpoint deleted
DELETE FROM trace_checkpoint WHERE size = 600;
-- all checkpoints deleted
DELETE FROM trace_checkpoint;
-- a checkpoint made up
INSERT INTO trace_checkpoint VALUES ($SMALL, sha256('x'), 'x', now());
-- a checkpoint beyond the end
INSERT INTO trace_checkpoint VALUES ($HUGE, sha256('x'), 'x', now());
-- an edge led elsewhere
UPDATE trace_edge SET used_id = (SELECT id FROM trace_record WHERE leaf_index = $EARLY)
WHERE record_id = (SELECT id FROM trace_record WHERE leaf_index = 570);
-- an edge bound to another hash
UPDATE trace_edge SET used_hash = (SELECT leaf_hash FROM trace_record WHERE leaf_index = $EARLY)
WHERE record_id = (SELECT id FROM trace_record WHERE leaf_index = 571);
-- an edge's weight
UPDATE trace_edge SET weight = 0.50;
-- an edge deleted
DELETE FROM trace_edge WHERE ctid = (SELECT min(ctid) FROM trace_edge);
-- an edge added
INSERT INTO trace_edge SELECT id, 1, id, leaf_hash, NULL, '' FROM trace_record
WHERE leaf_index = $AT;
-- (keep)
CREATE TABLE kept_record AS TABLE trace_record;
CREATE TABLE kept_edge AS TABLE trace_edge;
CREATE TABLE kept_tile AS TABLE trace_tile;
CREATE TABLE kept_checkpoint AS TABLE trace_checkpoint;
ALTER TABLE trace_record DROP CONSTRAINT ck_trace_record_leaf_hash;
ALTER TABLE trace_record DROP CONSTRAINT ck_trace_record_leaf_index;
DROP INDEX ix_trace_record_leaf_index;
-- (restore)
DELETE FROM trace_record;
DELETE FROM trace_edge;
DELETE FROM trace_tile;
DELETE FROM trace_checkpoint;
INSERT INTO trace_record OVERRIDING SYSTEM VALUE TABLE kept_record;
INSERT INTO trace_edge TABLE kept_edge;
INSERT INTO trace_tile TABLE kept_tile;
INSERT INTO trace_checkpoint TABLE kept_checkpoint;
-- (key holder) truncated
DELETE FROM trace_edge;
DELETE FROM trace_record WHERE leaf_index >= 257;
DELETE FROM trace_checkpoint WHERE size > 257;
DELETE FROM trace_tile WHERE tile_index > 0;
INSERT INTO trace_tile SELECT 0, 1, leaf_hash FROM trace_record WHERE leaf_index = 256;
UPDATE trace_tile SET content = substring(content FROM 1 FOR 32) WHERE level = 1;
-- (key holder) rolled back
UPDATE trace_record SET leaf_index = NULL WHERE leaf_index >= 257;
DELETE FROM trace_checkpoint WHERE size > 257;
DELETE FROM trace_tile WHERE tile_index > 0;
INSERT INTO trace_tile SELECT 0, 1, leaf_hash FROM trace_record WHERE leaf_index = 256;
UPDATE trace_tile SET content = substring(content FROM 1 FOR 32) WHERE level = 1;
-- (key holder) forked
DELETE FROM trace_edge;
DELETE FROM trace_record;
DELETE FROM trace_checkpoint;
DELETE FROM trace_tile;
