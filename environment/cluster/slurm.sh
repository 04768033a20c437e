#!/usr/bin/env bash
# One run of the grid for each task of a job array. From the project's folder, after a build:
#   sbatch environment/cluster/slurm.sh                                       the paper's 72 runs
#   sbatch --array=0-11 environment/cluster/slurm.sh --profile reduced --experiment ptb-lstm2 --device cpu
# A task that is preempted, or near its time limit, goes back into the queue and on where it was.
#SBATCH --job-name=adadiff
#SBATCH --array=0-71
#SBATCH --gres=gpu:1
#SBATCH --cpus-per-task=8
#SBATCH --mem=32G
#SBATCH --time=24:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@120
#SBATCH --output=%x-%A_%a.log
set -euo pipefail

# Slurm runs a copy of this script, so its own place says nothing
cd "${SLURM_SUBMIT_DIR:-$(dirname "$0")/../..}"
if [ $# = 0 ]; then set -- --profile paper --device gpu; fi
if [ -n "${SLURM_CPUS_PER_TASK-}" ]; then export OMP_NUM_THREADS=$SLURM_CPUS_PER_TASK; fi

environment/adadiff train --grid --index "$SLURM_ARRAY_TASK_ID" "$@" &
run=$!

# The run is in the background, so that bash can act on the signal before it ends
# shellcheck disable=SC2317 # the trap calls it
again() {
  kill -TERM "$run"
  wait "$run" || true
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
  exit 0
}
trap again USR1

status=0
wait "$run" || status=$?
exit "$status"
