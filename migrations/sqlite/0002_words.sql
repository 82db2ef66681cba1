-- Words are cut and folded by the service, the same for every engine; the index takes them as they are. It is filled again
-- when the database is opened.
DROP TABLE claim_text;
DROP TABLE record_text;

-- Full text; rowid: the seq of the version. words: with one space between them. metric_key is not kept: it stands here so that
-- rows are inserted like those of an engine that needs it.
CREATE VIRTUAL TABLE claim_text USING fts5 (metric_key UNINDEXED, words, content = '', tokenize = 'ascii');
CREATE VIRTUAL TABLE record_text USING fts5 (words, content = '', tokenize = 'ascii');
