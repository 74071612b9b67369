spark_version=4.3.0
# MLlib's Python side wants it.
numpy_version=2.2.6
spark="$cache/spark-$spark_version"

# Spark as its Python package brings it, into a folder of its own; beside it a spark-submit that finds all of it.
fetch_spark() {
  if [ -d "$spark" ]; then return; fi
  echo "fetching spark-$spark_version"
  mkdir -p "$(dirname "$spark")"
  local draft
  draft="$(mktemp -d "$spark.XXXXXX")"
  if ! python3 -m pip install --quiet --no-compile --disable-pip-version-check --root-user-action=ignore \
    --target "$draft" "pyspark==$spark_version" "numpy==$numpy_version"; then
    rm -rf "$draft"
    return 1
  fi
  cat >"$draft/spark-submit" <<SUBMIT
#!/bin/sh
export SPARK_HOME=$spark/pyspark PYTHONPATH=$spark PYSPARK_PYTHON=$(command -v python3) SPARK_LOCAL_IP=127.0.0.1
exec "\$SPARK_HOME/bin/spark-submit" "\$@"
SUBMIT
  chmod +x "$draft/spark-submit"
  mv -T "$draft" "$spark" 2>/dev/null || [ -d "$spark" ]
  rm -rf "$draft"
}
