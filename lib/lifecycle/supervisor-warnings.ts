import { readFileSync } from 'node:fs';

/** What a process can see of the supervisor that runs it. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** The command line of process 1, which in a container is what the image starts. */
  readonly processOne: string;
  /** This process and its parent. */
  readonly pids: readonly number[];
}

/** The times of a leave, in milliseconds. */
export interface LeaveTimes {
  readonly gracePeriod: number;
  readonly shutdownTimeout: number;
}

/** How long PM2 waits before it kills a process that it stops, in milliseconds. */
const PM2_KILL_TIMEOUT = 1_600;

/** The command line of a tool that runs scripts; its arguments may hold secrets. */
const RUNNER = /^(?:\S*node )?(?:\S*\/)?(npm|yarn|pnpm)(?:-cli)?(?:\.c?js)?(?: |$)/;

/**
 * The tools, by their `npm_config_user_agent`, that pass SIGTERM on to their child: npm since
 * version 10. The child is a shell, unless the script begins with `exec`.
 */
const PASSES_SIGTERM_ON = /^(?:npm\/\d\d|pnpm\/)/;

/** Variables by which a process sees its supervisor. */
const SUPERVISORS = {
  pm_id: 'PM2',
  KUBERNETES_SERVICE_HOST: 'Kubernetes',
} as const;

/** Modes in which a service may leave without a grace period. */
const AT_THE_DESK = new Set<string | undefined>(['development', 'test']);

/** Returns what is wrong with the supervisor of a process, as far as the process can see it. */
export function supervisorWarnings(
  { env, processOne, pids }: Surroundings,
  { gracePeriod, shutdownTimeout }: LeaveTimes,
): readonly string[] {
  const warnings: string[] = [];
  const killTimeout = Number(env.kill_timeout) || PM2_KILL_TIMEOUT;
  if (env.pm_id !== undefined && killTimeout < shutdownTimeout) {
    warnings.push(
      `PM2 kills this process ${killTimeout} ms after it stops it, but leaving the mesh takes up to ` +
        `${shutdownTimeout} ms (shutdownTimeout): set kill_timeout to more, or shorten gracePeriod`,
    );
  }
  const [, runner] = RUNNER.exec(processOne) ?? [];
  const [, parent] = pids;
  const getsSigterm = parent === 1 && PASSES_SIGTERM_ON.test(env.npm_config_user_agent ?? '');
  if (runner !== undefined && !getsSigterm) {
    warnings.push(
      `Process 1 is ${runner}, which does not pass SIGTERM on: the service would not be deregistered. Start ` +
        'node itself, such as CMD ["node", "dist/main.js"]',
    );
  }
  const [, named] = Object.entries(SUPERVISORS).find(([variable]) => env[variable] !== undefined) ?? [];
  const supervisor = named ?? (isUnit(env, pids) ? 'systemd' : undefined);
  if (gracePeriod === 0 && supervisor !== undefined && !AT_THE_DESK.has(env.NODE_ENV)) {
    warnings.push(
      `gracePeriod is 0 under ${supervisor}: callers that learn late lose calls at each restart. Set it to 0 ` +
        'in development only',
    );
  }
  return warnings;
}

/**
 * Returns whether systemd has started this process, itself or by a parent such as npm. A desktop
 * runs in units too, and its terminals hand the variables of systemd on: only the process id tells.
 */
function isUnit({ SYSTEMD_EXEC_PID: started }: NodeJS.ProcessEnv, pids: readonly number[]): boolean {
  return started !== undefined && pids.includes(Number(started));
}

/** Returns what this process can see. */
export function surroundings(): Surroundings {
  return { env: process.env, processOne: commandOf(1), pids: [process.pid, process.ppid] };
}

/** Returns the command line of a process; empty on systems that do not have it in a file. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return '';
  }
}
