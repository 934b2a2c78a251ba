#!/bin/sh
# Runs once, when the database is made: a role that only reads, and one for the sessions.
set -eu
psql --set=ON_ERROR_STOP=1 --username postgres \
  --set=reader="$READER_PASSWORD" --set=sessions="$SESSIONS_PASSWORD" <<'SQL'
CREATE DATABASE shop;
CREATE DATABASE sessions;
CREATE ROLE reader LOGIN PASSWORD :'reader';
CREATE ROLE sessions LOGIN PASSWORD :'sessions';
ALTER DATABASE sessions OWNER TO sessions;
REVOKE CONNECT ON DATABASE sessions FROM PUBLIC;
\connect shop
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reader;
SQL
