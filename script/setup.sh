# Shared set-up of script/server, script/test and script/check: sourced, never run. Everything it does is skipped
# when it has been done before, so that a second start needs no network and takes seconds.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }

stop() {
  say "Cannot go on: $1"
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    stop "installing system packages needs root or sudo. Install them by hand: ${missing_packages[*]}"
  fi
}

present() {
  case "$1" in
    tesseract-english) command -v tesseract >/dev/null && tesseract --list-langs 2>/dev/null | grep -qx eng ;;
    chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null ;;
    typefaces) command -v dpkg-query >/dev/null && dpkg-query -W $(typefaces) >/dev/null 2>&1 ;;
    python-venv) "$python" -c 'import ensurepip, venv' 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# typefaces: the Debian packages of the fonts that painted screens use
typefaces() { "$python" -c 'exec(open("deid/training/packages.py").read()); print(*PACKAGES)'; }

# need WHAT PACKAGES MEANING: notes the Debian packages of something that is not there.
missing_packages=()
needs=()
need() {
  needs+=("$1|$3")
  present "$1" && return
  read -ra packages <<<"$2"
  missing_packages+=("${packages[@]}")
}

install_missing() {
  if [ "${#missing_packages[@]}" -gt 0 ]; then
    command -v apt-get >/dev/null || stop "apt-get is not here. Install by hand: ${missing_packages[*]}"
    say "Installing system packages: ${missing_packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    local log
    log=$(mktemp)
    if ! { as_root apt-get update && as_root apt-get install -y --no-install-recommends "${missing_packages[@]}"; } >"$log" 2>&1; then
      tail -n 15 "$log" >&2
    fi
    rm -f "$log"
    hash -r
  fi
  local entry failed=0
  for entry in "${needs[@]}"; do
    if ! present "${entry%%|*}"; then
      say "Missing: ${entry%%|*} could not be installed. ${entry#*|}"
      failed=1
    fi
  done
  [ "$failed" -eq 0 ] || stop "install what is missing (see above) and start again."
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      python=$(command -v "$candidate")
      return
    fi
  done
  stop "Python 3.11 or newer is needed and was not found. On Debian 12 or Ubuntu 24.04: apt-get install python3 python3-venv"
}

# install_python LOCK...: a virtual environment with exactly the packages of the lock files, hash for hash. A lock holds
# all that is needed, so nothing is resolved anew.
install_python() {
  local lock stamp wanted
  if [ ! -x .venv/bin/python ]; then
    say "Making a virtual environment in .venv"
    "$python" -m venv .venv || stop "the virtual environment could not be made. On Debian: apt-get install python3-venv"
  fi
  for lock in "$@"; do
    stamp=".venv/installed-$(basename "$lock" .txt)"
    wanted=$(cat "$lock" <(.venv/bin/python -VV) | sha256sum | cut -d' ' -f1)
    if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
      say "Installing Python packages of $lock"
      .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock" ||
        stop "the packages of $lock could not be installed; nothing was started. Is the package index within reach?"
      printf '%s\n' "$wanted" >"$stamp"
    fi
  done
}

need_to_run() {
  need python-venv "python3-venv" "Without it there is no virtual environment to run in."
  need tesseract-english "tesseract-ocr tesseract-ocr-eng" "Without the text reader no picture can be checked, so every picture would be held."
  need msgfmt "gettext" "Without it the pages cannot be made in Spanish."
}

need_to_test() {
  need_to_run
  need typefaces "$(typefaces)" "Without these fonts no screens can be painted to examine the text detector with."
  need chromium "chromium" "Without a browser the journeys cannot be walked."
  need postgresql "postgresql" "Without PostgreSQL the production database cannot be tested."
  need redis-server "redis-server" "Without Redis the production queue cannot be tested."
  need dcmdump "dcmtk" "Without DCMTK no other DICOM program can check the files."
  need dciodvfy "dicom3tools" "Without dicom3tools the files cannot be checked against the Standard."
}
