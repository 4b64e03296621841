#!/bin/sh
# Runs once, when the database volume is new: the owner of the schema, the web's login, the worker's,
# and the backup's: without a password nobody comes in as it over the network, only over the server's own socket.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
     --set=owner="$OWNER_PASSWORD" --set=app="$APP_PASSWORD" --set=worker="$WORKER_PASSWORD" <<'SQL'
CREATE ROLE pcf_owner LOGIN PASSWORD :'owner';
CREATE ROLE pcf_app LOGIN PASSWORD :'app';
CREATE ROLE pcf_worker LOGIN PASSWORD :'worker';
CREATE ROLE pcf_backup LOGIN BYPASSRLS;
ALTER ROLE pcf_backup SET default_transaction_read_only = on;
GRANT pg_read_all_data TO pcf_backup;
CREATE ROLE pcf_benchmark NOLOGIN;
GRANT pcf_app, pcf_worker, pcf_benchmark TO pcf_owner WITH ADMIN OPTION;
CREATE DATABASE pcf OWNER pcf_owner;
\connect pcf
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION pgcrypto;
SQL
