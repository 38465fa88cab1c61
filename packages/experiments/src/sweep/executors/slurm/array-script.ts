import { exitCodes } from '../../../run/handed-over/leaving.ts';

/** How an element of an array does its run. */
export interface ArrayScript {
  /** Arguments of the program that does a run, from Node's path on, but for the run's own. */
  readonly program: readonly string[];
  /** A file with the folders of the runs, a line each. */
  readonly list: string;
}

/** A run's file with the exit code that it ended with, where that was none of a stop. */
export const exitCodeFile = 'exit-code';

/** Exit code of an element whose node does not see the run's folder: EX_NOINPUT of sysexits.h. */
export const unseen = 66;

/**
 * The batch script of an array. USR1, which SLURM sends before the time limit, and TERM are passed
 * on to the run. A run that asks for it is queued again by array and element: SLURM_JOB_ID of the
 * last element is the array's own, and would queue all of them.
 */
export function arrayScript({ program, list }: ArrayScript): string {
  return `#!/bin/bash
#SBATCH --open-mode=append
folder=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" ${quoted(list)})
[ -f "$folder/config.json" ] || exit ${unseen}
rm -f "$folder/${exitCodeFile}"
${program.map(quoted).join(' ')} --config "$folder/config.json" --out "$folder" --take-over \\
  >>"$folder/log.txt" 2>&1 &
pid=$!
trap 'kill -TERM $pid' TERM
trap 'kill -USR1 $pid' USR1
# wait ends early at a signal
while :; do
  wait $pid
  code=$?
  kill -0 $pid 2>/dev/null || break
done
case $code in
  0 | ${exitCodes.SIGTERM} | ${exitCodes.superseded}) ;;
  ${exitCodes.SIGUSR1}) scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}" ;;
  *) echo $code >"$folder/${exitCodeFile}" ;;
esac
exit $code
`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
