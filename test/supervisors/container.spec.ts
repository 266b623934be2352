import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { read } from '../docs/support/pages.js';
import { eventually } from '../support/eventually.js';
import { Container } from './support/container.js';
import { Mesh } from './support/mesh.js';
import { shownFile } from './support/shown-file.js';

jest.setTimeout(120_000);

/** What the Dockerfile of the documentation starts. */
const CMD = JSON.parse(/^CMD (.*)$/m.exec(shownFile('Dockerfile'))?.[1] ?? '') as string[];
/** What the Kubernetes manifest of the documentation gives it. */
const KUBERNETES = Number(
  /terminationGracePeriodSeconds: (\d+)/.exec(shownFile('deployment.yaml'))?.[1] ?? '',
);
const DOCKER_STOP = 10;
/** The `CMD` with the command `run`. */
const RUN = JSON.parse(/`CMD (\[.*"run".*\])`/.exec(read('docs/operations.md'))?.[1] ?? '') as string[];

describe('process 1 of a container', () => {
  let mesh: Mesh;
  let container: Container | undefined;

  beforeEach(async () => {
    mesh = await Mesh.create();
    await mesh.folder.compile();
  });

  afterEach(async () => {
    await container?.close();
    container = undefined;
    await mesh.close();
  });

  async function start(
    command: readonly string[],
    mode: 'production' | 'development',
    env: NodeJS.ProcessEnv = {},
  ): Promise<Container> {
    const started = new Container(command, mesh.folder.path, { ...mesh.env(mode), ...env });
    container = started;
    await mesh.isUp('v0', () => started.output);
    await eventually(() => started.output.includes('Registered auth'));
    return started;
  }

  describe('gets SIGTERM, and leaves the mesh', () => {
    it.each([
      { what: 'node, as in the Dockerfile of the docs', command: CMD },
      { what: 'npm, whose script begins with exec', command: ['npm', 'run', 'start:exec'] },
      { what: 'a shell that ends with exec', command: ['sh', '-c', 'true; exec node dist/main.js'] },
      {
        what: 'nestjs-sidecar-agent run',
        command: RUN,
      },
    ])('if it is $what', async ({ command }) => {
      const { output, ended } = await stopped(command);
      expect({ killed: ended.killed, held: mesh.held }).toEqual({ killed: false, held: [] });
      expect(output).toContain('Left the mesh: auth');
      expect(output).not.toContain('Process 1 is');
    });
  });

  describe('leaves a dead instance', () => {
    it('if it is npm, whose shell does not pass SIGTERM on; the module warns of it', async () => {
      const { output, ended } = await stopped(['npm', 'run', 'start:prod']);
      expect(ended.killed).toBe(false);
      expect(mesh.held.map(({ state }) => state)).toEqual(['Serving']);
      expect(output).toContain('Process 1 is npm, which does not pass SIGTERM on');
      expect(output).not.toContain('SIGTERM received');
    });

    it('if it is a shell without exec: SIGTERM has no effect on it', async () => {
      const { output, ended } = await stopped(['sh', '-c', 'node dist/main.js; exit $?']);
      expect(ended.killed).toBe(true);
      expect(mesh.held.map(({ state }) => state)).toEqual(['Serving']);
      expect(output).not.toContain('SIGTERM received');
    });

    it('if the time is shorter than the leave', async () => {
      const node = await start(CMD, 'production');
      expect(await node.stop(3)).toMatchObject({ killed: true });
      expect(mesh.held.map(({ state }) => state)).toEqual(['Draining']);
    });
  });

  /** Starts the service, which leaves at once, and stops it within 3 seconds. */
  async function stopped(command: readonly string[]) {
    const container = await start(command, 'development');
    const ended = await container.stop(3);
    return { output: container.output, ended };
  }

  it.each([
    { what: 'docker stop', seconds: DOCKER_STOP },
    { what: 'the manifest for Kubernetes', seconds: KUBERNETES },
  ])('an idle service with the defaults leaves within the time of $what', async ({ seconds }) => {
    const node = await start(CMD, 'production');
    const { killed, took } = await node.stop(seconds);
    expect({ killed, held: mesh.held }).toEqual({ killed: false, held: [] });
    expect(took).toBeGreaterThan(6_500);
    expect(took).toBeLessThan(9_000);
  });

  it('the command run deregisters a service that the out-of-memory killer has ended', async () => {
    const container = await start(RUN, 'production');
    await container.signalChild(CMD.join(' '), 'SIGKILL');
    expect(await container.ended()).toBe(137);
    expect(mesh.held).toEqual([]);
  });
});
