import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../../support/eventually.js';
import { childrenOf } from './children.js';
import { Tool } from './tool.js';

const run = promisify(execFile);

/** Where the kernel's cgroup2 is: beside version 1, or alone. */
const CGROUPS = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find(existsSync) ?? '';

/** What every service wants, and what the unit files name. */
const TARGETS = ['basic.target', 'shutdown.target', 'exit.target', 'network-online.target'];

/** systemd refuses to be process 1 of its namespaces in a mode that is not the system's. */
const START = `set -e
mkdir "$GROUP"
echo $$ > "$GROUP/cgroup.procs"
exec unshare --pid --mount --cgroup --fork --mount-proc --kill-child sh -ec '
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
XDG_RUNTIME_DIR=/run/user /usr/lib/systemd/systemd --user --unit=basic.target
exit $?
'
`;

/**
 * A systemd of its own, in a control group and namespaces of its own: a user manager, which starts
 * and stops services as the system's manager does.
 */
export class Systemd {
  readonly #folder: string;
  readonly #group: string;
  readonly #manager: Tool;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#group = join(CGROUPS, basename(folder));
    const own = { GROUP: this.#group, HOME: folder, SYSTEMD_UNIT_PATH: folder };
    this.#manager = new Tool('sh', ['-c', START], folder, { ...env, ...own });
  }

  /**
   * @param env what its services inherit
   * @throws {Error} if no systemd can be started here
   */
  static async start(env: NodeJS.ProcessEnv): Promise<Systemd> {
    const folder = await mkdtemp(join(tmpdir(), 'systemd-'));
    for (const name of TARGETS) await writeFile(join(folder, name), '[Unit]\n');
    const systemd = new Systemd(folder, env);
    try {
      await eventually(() => systemd.systemctl('is-system-running').catch(() => false), 5_000);
      return systemd;
    } catch {
      const { output } = systemd.#manager;
      await systemd.close();
      throw new Error(`systemd was NOT tested: it does not start here. Run the test as root.\n${output}`);
    }
  }

  /** Starts a service. Its output goes to a file. */
  async startUnit(name: string, text: string): Promise<void> {
    const unit = join(this.#folder, name);
    await writeFile(unit, text);
    const output = `append:${join(this.#folder, 'output')}`;
    await mkdir(`${unit}.d`);
    await writeFile(
      join(`${unit}.d`, 'output.conf'),
      `[Service]\nStandardOutput=${output}\nStandardError=${output}\n`,
    );
    await this.systemctl('start', name);
  }

  /** What its services have printed. */
  async output(): Promise<string> {
    return readFile(join(this.#folder, 'output'), 'utf8').catch(() => '');
  }

  /** Returns what `systemctl` prints. */
  async systemctl(...args: string[]): Promise<string> {
    const [manager] = childrenOf(this.#manager.pid);
    const enter = ['--target', String(manager), '--mount', '--pid', '--cgroup'];
    const command = ['env', 'XDG_RUNTIME_DIR=/run/user', 'systemctl', '--user', ...args];
    const { stdout } = await run('nsenter', [...enter, '--', ...command]);
    return stdout;
  }

  /** Returns a property of a unit. */
  async property(unit: string, name: string): Promise<string> {
    return (await this.systemctl('show', '--property', name, '--value', unit)).trim();
  }

  /** Kills it with its services. */
  async close(): Promise<void> {
    for (const manager of childrenOf(this.#manager.pid)) process.kill(manager, 'SIGKILL');
    await this.#manager.close();
    if (existsSync(this.#group)) await eventually(() => removeGroup(this.#group));
    await rm(this.#folder, { recursive: true });
  }
}

/** Returns what systemd says against a unit file. */
export async function verifyUnit(path: string): Promise<string> {
  const env = { ...process.env, SYSTEMD_UNIT_PATH: `${dirname(path)}:` };
  const { stderr } = await run('systemd-analyze', ['verify', '--man=no', path], { env });
  return stderr;
}

/** Removes a control group with those in it. Returns whether that was possible. */
function removeGroup(path: string): boolean {
  const inner = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (!inner.every(({ name }) => removeGroup(join(path, name)))) return false;
  try {
    rmdirSync(path);
    return true;
  } catch {
    // A process in it has not ended yet.
    return false;
  }
}
