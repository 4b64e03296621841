#!/bin/sh
# Runs once, when the database volume is new: the owner of the schema, the web's login and the worker's.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
     --set=owner="$OWNER_PASSWORD" --set=app="$APP_PASSWORD" --set=worker="$WORKER_PASSWORD" <<'SQL'
CREATE ROLE pcf_owner LOGIN PASSWORD :'owner';
CREATE ROLE pcf_app LOGIN PASSWORD :'app';
CREATE ROLE pcf_worker LOGIN PASSWORD :'worker';
GRANT pcf_app, pcf_worker TO pcf_owner WITH ADMIN OPTION;
CREATE DATABASE pcf OWNER pcf_owner;
\connect pcf
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION pgcrypto;
SQL
