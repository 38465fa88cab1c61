#!/usr/bin/env bash
# Packages of Debian or Ubuntu with what they need, unpacked into a folder without root:
#   apt-unpack.sh FOLDER PACKAGE...
# Needs apt-get, dpkg and a network; what is there already is left as it is.
set -euo pipefail
[ -e "$1/complete" ] && exit 0
folder=$(realpath -m "$1")
packages=("${@:2}")
work=$folder.$(hostname -s).$$
mkdir -p "$work/debs" "$work/bin" "$work/lists/partial" "$work/cache/archives/partial"
cd "$work/debs"
apt=(apt-get -qq -o "Dir::Cache=$work/cache")
needed() {
  "${apt[@]}" -s --no-install-recommends install "${packages[@]}" | awk '/^Inst/ { print $2 }'
}
if ! missing=$(needed 2>/dev/null); then
  # the machine's own lists are empty
  apt+=(-o "Dir::State::lists=$work/lists")
  "${apt[@]}" update
  missing=$(needed)
fi
# shellcheck disable=SC2086
"${apt[@]}" download $missing
for deb in *.deb; do dpkg -x "$deb" ..; done
# Debian's alternatives of SLURM, which only an installation links
for file in "$work"/usr/sbin/*-wlm; do
  if [ -e "$file" ]; then ln -sf "../usr/sbin/${file##*/}" "$work/bin/$(basename "$file" -wlm)"; fi
done
rm -rf "$work/debs" "$work/lists" "$work/cache"
touch "$work/complete"
# another process may have been faster
mv -T "$work" "$folder" 2>/dev/null || { [ -e "$folder/complete" ] && rm -rf "$work"; }
