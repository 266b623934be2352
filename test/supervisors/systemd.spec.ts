import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Mesh } from './support/mesh.js';
import { shownFile } from './support/shown-file.js';
import { Systemd, verifyUnit } from './support/systemd.js';

jest.setTimeout(120_000);

const UNIT = 'auth.service';
/** systemd does not look for it in our `PATH`. */
const NPM = join(dirname(process.execPath), 'npm');

describe('systemd', () => {
  let mesh: Mesh;
  let systemd: Systemd;
  /** The unit of the docs, for the folders of the test. */
  let unit: string;

  beforeEach(async () => {
    mesh = await Mesh.create();
    await mesh.folder.compile();
    unit = shownFile(UNIT)
      .replaceAll('/srv/auth', mesh.folder.path)
      .replaceAll('/var/lib/auth', join(mesh.folder.path, 'state'))
      .replace('/usr/bin/node', process.execPath);
    systemd = await Systemd.start({ SIDECAR_AGENT_BASE_URL: mesh.agent.url });
  });

  afterEach(async () => {
    await systemd.close();
    await mesh.close();
  });

  async function start(text: string): Promise<void> {
    // A user manager starts it as its own user.
    await systemd.startUnit(UNIT, text.replace('User=auth\n', ''));
    await isUp();
  }

  async function isUp(): Promise<void> {
    await mesh.isUp();
    // Only then the answer to the register is in the file.
    await eventually(async () => (await systemd.output()).includes('Registered auth'));
  }

  async function stop() {
    await systemd.systemctl('stop', UNIT);
    return { result: await systemd.property(UNIT, 'Result'), held: mesh.held.map(({ state }) => state) };
  }

  const hasFile = () => existsSync(join(mesh.folder.path, 'state/registration.json'));
  const without = (...lines: string[]) =>
    lines.reduce((text, line) => text.replace(new RegExp(`^${line}=.*\n`, 'm'), ''), unit);
  /** The unit with another command, and a service that leaves at once. */
  const starting = (command: string) =>
    unit
      .replace(/^ExecStart=.*$/m, `ExecStart=${command}`)
      .replace('NODE_ENV=production', 'NODE_ENV=development');

  it('finds nothing wrong with the unit of the docs', async () => {
    const path = join(mesh.folder.path, UNIT);
    await mesh.folder.write(UNIT, unit);
    expect(await verifyUnit(path)).toBe('');
    await mesh.folder.write(UNIT, unit.replace('KillMode', 'KillMod'));
    expect(await verifyUnit(path)).toContain("Unknown key 'KillMod'");
  });

  it('stops the unit of the docs: the service leaves the mesh', async () => {
    await start(unit);
    expect(hasFile()).toBe(true);
    const started = performance.now();
    expect(await stop()).toEqual({ result: 'success', held: [] });
    expect(performance.now() - started).toBeGreaterThan(6_500);
    expect(hasFile()).toBe(false);
  });

  it('kills a service before it has left, if the time is too short: ExecStopPost deregisters it', async () => {
    await start(unit.replace(/^TimeoutStopSec=.*$/m, 'TimeoutStopSec=2'));
    expect(await stop()).toEqual({ result: 'timeout', held: [] });
  });

  it('leaves a dead instance then, without ExecStopPost', async () => {
    await start(without('ExecStopPost').replace(/^TimeoutStopSec=.*$/m, 'TimeoutStopSec=2'));
    expect(await stop()).toEqual({ result: 'timeout', held: ['Draining'] });
  });

  it('restarts a service that was killed, and no dead instance stays', async () => {
    await start(unit);
    const [dead] = mesh.held;
    await systemd.systemctl('kill', '--kill-who=main', '--signal=SIGKILL', UNIT);
    await mesh.agent.waitFor(() => mesh.held.some(({ instanceId }) => instanceId !== dead?.instanceId), {
      timeout: 10_000,
    });
    await mesh.isUp();
    expect(mesh.held).toHaveLength(1);
    expect(await systemd.output()).toContain('Deregistered auth on port');
  });

  it('passes the signal to the command run alone, with KillMode=mixed', async () => {
    const run = `${mesh.folder.path}/node_modules/.bin/nestjs-sidecar-agent run -- ${process.execPath} dist/main.js`;
    await start(starting(run));
    expect(await stop()).toEqual({ result: 'success', held: [] });
  });

  it('kills a service under npm, whose shell ends at once', async () => {
    await start(starting(`${NPM} run start:prod`));
    expect(await stop()).toEqual({ result: 'exit-code', held: ['Serving'] });
  });

  it('stops a service under npm whose script begins with exec', async () => {
    await start(starting(`${NPM} run start:exec`));
    expect(await stop()).toEqual({ result: 'success', held: [] });
  });
});
