#!/usr/bin/env bash
# A SLURM cluster of virtual nodes on this machine, on loopback, in one folder, without systemd,
# cgroups or slurmdbd:
#   SLURM_TEST_DIR=FOLDER slurm-cluster.sh COMMAND
#   start [NODES] | stop | env | idle NODES
#   kill-node NAME (its daemon) | kill-node-and-jobs NAME | start-node NAME
#   kill-controller | start-controller
# SLURM_PREFIX: where apt-unpack.sh put the packages; unset: they are installed.
# SLURM_TEST_PORT: the controller's, followed by a node's each. SLURM_TEST_ARRAY: MaxArraySize.
# SLURM_TEST_JOBS: MaxJobCount. Jobs of the partition `urgent` put those of others aside.
set -euo pipefail
dir=${SLURM_TEST_DIR:?a folder}
host=$(hostname -s)
port=${SLURM_TEST_PORT:-17000}
export SLURM_CONF=$dir/slurm.conf
stepd=()
plugins=
if [ -n "${SLURM_PREFIX:-}" ]; then
  lib=$SLURM_PREFIX/usr/lib/$(uname -m)-linux-gnu
  export PATH=$SLURM_PREFIX/bin:$SLURM_PREFIX/usr/bin:$SLURM_PREFIX/usr/sbin:$PATH
  export LD_LIBRARY_PATH=$lib:$lib/slurm-wlm
  stepd=(-d "$SLURM_PREFIX/usr/sbin/slurmstepd-wlm")
  plugins=PluginDir=$lib/slurm-wlm
fi

write_conf() {
  local nodes=$1
  cat >"$dir/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool-%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd-%n.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd-%n.log
# A container seldom lets us write cgroups.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
$plugins
MailProg=/bin/true
ReturnToService=2
SlurmdTimeout=6
SlurmctldTimeout=10
InactiveLimit=0
KillWait=5
MaxArraySize=${SLURM_TEST_ARRAY:-1001}
JobRequeue=1
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
# Nodes may claim more than the machine has.
SlurmdParameters=config_overrides
NodeName=n[1-$nodes] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + nodes))] CPUs=2 RealMemory=65536 State=UNKNOWN
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
MaxJobCount=${SLURM_TEST_JOBS:-10000}
$([ -n "${SLURM_TEST_JOBS:-}" ] && echo MinJobAge=5)
PartitionName=batch Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1 GraceTime=3
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF
CONF
}

start_munge() {
  head -c 1024 /dev/urandom >"$dir/munge.key"
  chmod 400 "$dir/munge.key"
  # --force: folders above may be everyone's, as /tmp is
  munged --force --num-threads=2 --key-file="$dir/munge.key" --socket="$dir/munge.socket" \
    --pid-file="$dir/munged.pid" --log-file="$dir/munged.log" --seed-file="$dir/munged.seed"
}

start_node() {
  mkdir -p "$dir/spool-$1"
  slurmd -N "$1" -f "$dir/slurm.conf" ${stepd[@]+"${stepd[@]}"}
}

idle_nodes() { sinfo -h -N -t idle -o %N 2>/dev/null | sort -u | wc -l; }

wait_idle() {
  for _ in $(seq 150); do
    [ "$(idle_nodes)" = "$1" ] && return
    sleep 0.2
  done
  echo "nodes: expected $1 idle within 30 s, got:"
  sinfo -N -o '%N %T %E'
  return 1
}

# Processes of jobs of a node, and the step daemons above them.
job_pids() {
  local environ pid parent
  for environ in /proc/[0-9]*/environ; do
    pid=${environ//[!0-9]/}
    grep -qzx "SLURMD_NODENAME=$1" "$environ" 2>/dev/null || continue
    grep -qzx "SLURM_CONF=$dir/slurm.conf" "$environ" 2>/dev/null || continue
    echo "$pid"
    parent=$(awk '/^PPid/ { print $2 }' "/proc/$pid/status" 2>/dev/null) || continue
    grep -q '^slurmstepd' "/proc/$parent/comm" 2>/dev/null && echo "$parent"
  done
}

pids() { cat "$dir"/slurmd-*.pid "$dir/slurmctld.pid" "$dir/munged.pid" 2>/dev/null || true; }

case ${1:-} in
  start)
    nodes=${2:-3}
    mkdir -p "$dir/state"
    chmod 755 "$dir"
    write_conf "$nodes"
    start_munge
    slurmctld -f "$dir/slurm.conf" -i
    for i in $(seq "$nodes"); do start_node "n$i"; done
    wait_idle "$nodes"
    ;;
  stop)
    scancel -u "$(id -un)" 2>/dev/null || true
    all=$(pids)
    for pid in $all; do kill "$pid" 2>/dev/null || true; done
    for _ in $(seq 50); do
      alive=
      for pid in $all; do kill -0 "$pid" 2>/dev/null && alive=1; done
      [ -z "$alive" ] && exit 0
      sleep 0.2
    done
    echo 'daemons: expected none after 10 s, got some'
    exit 1
    ;;
  env)
    for name in PATH LD_LIBRARY_PATH SLURM_CONF; do echo "$name=${!name:-}"; done
    ;;
  idle) wait_idle "$2" ;;
  kill-controller) kill -9 "$(cat "$dir/slurmctld.pid")" ;;
  start-controller) slurmctld -f "$dir/slurm.conf" ;;
  kill-node-and-jobs)
    kill -9 "$(cat "$dir/slurmd-$2.pid")"
    # shellcheck disable=SC2046
    kill -9 $(job_pids "$2" | sort -u) 2>/dev/null || true
    ;;
  kill-node) kill -9 "$(cat "$dir/slurmd-$2.pid")" ;;
  start-node) start_node "$2" ;;
  *)
    sed -n 2,10p "$0"
    exit 2
    ;;
esac
