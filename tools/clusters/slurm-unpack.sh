#!/usr/bin/env bash
# SLURM and munge of Debian or Ubuntu, unpacked into a folder without root:
#   slurm-unpack.sh FOLDER; then SLURM_PREFIX=FOLDER slurm-cluster.sh start
# Needs apt-get, dpkg and a network; what is there already is left as it is.
set -euo pipefail
[ -e "$1/complete" ] && exit 0
folder=$(realpath -m "$1")
work=$folder.$(hostname -s).$$
mkdir -p "$work/debs" "$work/bin" "$work/lists/partial" "$work/cache/archives/partial"
cd "$work/debs"
packages=(slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge)
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
for name in slurmctld slurmd slurmstepd; do
  [ -e "$work/usr/sbin/$name-wlm" ] && ln -sf "../usr/sbin/$name-wlm" "$work/bin/$name"
done
rm -rf "$work/debs" "$work/lists" "$work/cache"
touch "$work/complete"
# another process may have been faster
mv -T "$work" "$folder" 2>/dev/null || { [ -e "$folder/complete" ] && rm -rf "$work"; }
