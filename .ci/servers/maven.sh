# fetch_jars <folder> <group:artifact:version>…: the jars of these and of all that they need, once.
fetch_jars() {
  local target="$1" coordinates group artifact version dependencies='' draft
  shift
  if [ -d "$target" ]; then return; fi
  echo "fetching $(basename "$target")"
  for coordinates in "$@"; do
    IFS=: read -r group artifact version <<<"$coordinates"
    dependencies+="<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version></dependency>"
  done
  mkdir -p "$(dirname "$target")"
  # Into a folder of its own first: a download that was cut off leaves nothing that looks like one.
  draft="$(mktemp -d "$target.XXXXXX")"
  cat >"$draft/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>medley</groupId><artifactId>jars</artifactId><version>1</version>
  <dependencies>$dependencies</dependencies>
</project>
POM
  if ! mvn -q -B -ntp -Dstyle.color=never -f "$draft/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$draft/jars" -DincludeScope=runtime; then
    rm -rf "$draft"
    return 1
  fi
  # Another run may have been faster; its jars are the same.
  mv -T "$draft/jars" "$target" 2>/dev/null || [ -d "$target" ]
  rm -rf "$draft"
}
