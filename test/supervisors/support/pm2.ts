import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { GreeterSettings } from '../../support/greeter-process.js';

const GREETER = fileURLToPath(new URL('../../support/greeter-main.mjs', import.meta.url));
const run = promisify(execFile);

/** After how many milliseconds PM2 kills a greeter that it stops. */
export const KILL_TIMEOUT = 15_000;

/** PM2 with a daemon of its own, which keeps greeters running in its cluster mode. */
export class Pm2 {
  readonly #home: string;

  private constructor(home: string) {
    this.#home = home;
  }

  static async create(): Promise<Pm2> {
    return new Pm2(await mkdtemp(join(tmpdir(), 'pm2-')));
  }

  /** Starts greeters that share a port. */
  async start(settings: GreeterSettings, instances: number, more: object = {}): Promise<void> {
    const file = join(this.#home, 'greeter.json');
    const app = {
      name: 'greeter',
      script: GREETER,
      exec_mode: 'cluster',
      instances,
      kill_timeout: KILL_TIMEOUT,
      env: { GREETER: JSON.stringify(settings), NO_COLOR: '1' },
      ...more,
    };
    await writeFile(file, JSON.stringify({ apps: [app] }));
    await this.command('start', file);
  }

  /** Starts what a folder has, with these variables more. */
  async startIn(cwd: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
    await this.#run(['start', ...args], { cwd, env: { ...process.env, ...env } });
  }

  /** Runs a command of PM2, and returns what it prints. */
  command(...args: string[]): Promise<string> {
    return this.#run(args, { env: process.env });
  }

  /** The process ids of the greeters. */
  async pids(): Promise<number[]> {
    const list = JSON.parse(await this.command('jlist')) as { pid: number }[];
    return list.map(({ pid }) => pid).filter((pid) => pid > 0);
  }

  /** What the greeters have printed. */
  logs(): Promise<string> {
    return this.command('logs', '--nostream', '--raw', '--lines', '200');
  }

  /** Ends the greeters and the daemon. */
  async close(): Promise<void> {
    await this.command('kill');
    await rm(this.#home, { recursive: true, force: true });
  }

  async #run(args: string[], { env, cwd }: { env: NodeJS.ProcessEnv; cwd?: string }): Promise<string> {
    const own = { PM2_HOME: this.#home, PM2_DISCRETE_MODE: 'true', NO_COLOR: '1' };
    const { stdout } = await run('pm2', args, { cwd, env: { ...env, ...own }, timeout: 60_000 });
    return stdout;
  }
}
