#!/bin/sh
# Run once by the Postgres image, on an empty data folder: a database and a role for each subgraph that owns rows,
# which lets none of them read another's.
set -eu

create() {
  psql --set=ON_ERROR_STOP=1 --set=name="$1" --set=password="$2" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

create analytics "$ANALYTICS_DB_PASSWORD"
create catalog "$CATALOG_DB_PASSWORD"
create playlists "$PLAYLISTS_DB_PASSWORD"
create recommendations "$RECOMMENDATIONS_DB_PASSWORD"
create users "$USERS_DB_PASSWORD"
