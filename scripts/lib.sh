# Sourced by the other scripts: where things are, which server is used, and how the environment reaches it.
#
#   TENON_SERVER   docker | local | external; when empty, Docker Compose if an engine answers, else local
#   TENANT         what the Makefile was given

cd "$(dirname "${BASH_SOURCE[0]}")/.."
TENON=${TENON:-.build/release/tenon}

fail() {
  echo "error: $*" >&2
  exit 1
}

# Prints which server is meant. A private server that runs stays the one in use, whatever was installed since:
# its tenants are there.
server_kind() {
  case "${TENON_SERVER:-}" in
    docker | local | external) echo "$TENON_SERVER" ;;
    '')
      if private_server_pid_file >/dev/null; then
        echo local
      elif timeout 5 docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; then
        echo docker
      else
        echo local
      fi
      ;;
    *) fail "TENON_SERVER is '$TENON_SERVER': docker, local and external are known (サーバーの指定が正しくありません)" ;;
  esac
}

# Where the private server keeps its data: .tenon/server, or the folder named there when the server's account cannot
# get into the project.
private_server_home() {
  if [ -s .tenon/server/location ]; then head -n 1 .tenon/server/location; else echo .tenon/server; fi
}

# Prints the path of the private server's postmaster.pid; fails when the server does not run.
private_server_pid_file() {
  local file
  file=$(private_server_home)/data/postmaster.pid
  [ -r "$file" ] && kill_0 "$(head -n 1 "$file")" && echo "$file"
}

# True when the process lives, whoever owns it.
kill_0() {
  [ -d "/proc/$1" ] || kill -0 "$1" 2>/dev/null || ps -p "$1" >/dev/null 2>&1
}

# Sets TENON_SERVER for what is called next, and for Docker the address that docker-compose.yml publishes.
use_server() {
  TENON_SERVER=$(server_kind)
  export TENON_SERVER
  if [ "$TENON_SERVER" = docker ]; then
    export PGHOST=localhost PGPORT="${TENON_DOCKER_PORT:-5432}" PGUSER=postgres PGPASSWORD="${POSTGRES_PASSWORD:-postgres}"
  fi
}

# The same, and PG* for the private server too, for programs such as psql that know nothing of .tenon/.
use_server_for_clients() {
  use_server
  if [ "$TENON_SERVER" = local ]; then
    local file
    file=$(private_server_pid_file) || fail "the private server does not run: make up"
    # PostgreSQL writes its port on the fourth line of postmaster.pid.
    PGHOST=127.0.0.1
    PGPORT=$(sed -n 4p "$file")
    export PGHOST PGPORT
  fi
  export PGHOST="${PGHOST:-localhost}" PGPORT="${PGPORT:-5432}"
  export PGUSER="${PGUSER:-postgres}" PGPASSWORD="${PGPASSWORD:-postgres}"
}

# Succeeds for a name that can be a tenant's.
valid_tenant() {
  local LC_ALL=C
  [[ "$1" =~ ^[A-Za-z0-9_-]{1,50}$ ]]
}

need_valid_tenant() {
  valid_tenant "$1" || fail "a tenant's name has 1 to 50 letters, digits, '-' and '_': '$1' is not one"
}
