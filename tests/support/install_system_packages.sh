#!/bin/sh
# Installs the browser, the database server and the reader of PDFs that tests need, where they are missing: on Debian and its
# kin, as root or with a sudo that asks nothing. Anywhere else it says what to install and leaves it at that:
# the tests that cannot run are then skipped by name.
set -eu

missing="chromium"
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then missing=; fi
done
ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 &&
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql-with-postgis"
command -v pdftotext >/dev/null 2>&1 && command -v pdftoppm >/dev/null 2>&1 || missing="$missing poppler-utils"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "Not installed here, please install by hand: $missing" >&2
    exit 0
elif [ "$(id -u)" = 0 ]; then
    as_root="env DEBIAN_FRONTEND=noninteractive"
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n env DEBIAN_FRONTEND=noninteractive"
else
    echo "Not installed here, and only root may install it: $missing" >&2
    exit 0
fi

echo "Installing for the tests, only now: $missing"
$as_root apt-get update -qq || echo "The list of packages could not be brought up to date" >&2
for name in $missing; do
    case $name in
    postgresql-with-postgis)
        newest=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | cut -d' ' -f1 | sort -t- -k2 -n | tail -n 1)
        packages="${newest%-postgis-3} $newest" ;;
    *)
        packages=$name ;;
    esac
    $as_root apt-get install -y -qq --no-install-recommends $packages >/dev/null ||
        echo "Could not be installed: $packages" >&2
done
