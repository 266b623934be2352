import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PortWorkers } from '../../../lib/workers/port-workers.js';
import { makeWorkerFolder, workerFolder } from '../../../lib/workers/worker-folder.js';
import { eventually } from '../../support/eventually.js';

const NOBODY = { onPort: 0, ofInstance: 0, answers: [] };

/** One process among those that serve a port. */
class Worker {
  count = 0;
  recalls = 0;
  goesOn = true;
  readonly questions: string[] = [];
  readonly workers = new PortWorkers({
    counted: (count) => (this.count = count),
    recalled: () => (this.recalls += 1),
    asked: (question, ofInstance) => {
      this.questions.push(question);
      return this.goesOn ? `${question} ${ofInstance}` : undefined;
    },
  });
}

describe('PortWorkers', () => {
  const all: Worker[] = [];
  let agent: string;

  beforeEach(() => {
    // Of its own, so that tests at the same time do not meet.
    agent = `http://127.0.0.1:15010/${Math.random()}`;
  });

  afterEach(async () => {
    for (const { workers } of all.splice(0)) await workers.leave();
    await rm(folder(), { recursive: true, force: true });
  });

  const shared = (port = 9090) => ({ agent, service: 'auth', port });
  const folder = (port?: number) => workerFolder(shared(port)) ?? '';

  async function enter(instanceId: string, port?: number): Promise<Worker> {
    const worker = new Worker();
    all.push(worker);
    await worker.workers.join(shared(port), instanceId);
    return worker;
  }

  const counts = (expected: number, ...workers: Worker[]) =>
    eventually(() => workers.every(({ count }) => count === expected));

  it('each knows how many there are, whoever comes or goes', async () => {
    const first = await enter('1');
    expect(first.count).toBe(1);
    const second = await enter('2');
    const third = await enter('3');
    await counts(3, first, second, third);
    await second.workers.leave();
    await counts(2, first, third);
  });

  it('many that join at the same time all know each other', async () => {
    const workers = await Promise.all(Array.from({ length: 8 }, (_, index) => enter(String(index))));
    await counts(8, ...workers);
  });

  it('the last one takes the folder away, and whoever joins meanwhile makes it again', async () => {
    for (let round = 0; round < 20; round += 1) {
      const leaver = await enter('1');
      const [, joiner] = await Promise.all([leaver.workers.leave(), enter('2')]);
      await counts(1, joiner);
      expect(await readdir(folder())).toHaveLength(1);
      await joiner.workers.leave();
      await expect(readdir(folder())).rejects.toThrow('ENOENT');
    }
  });

  it('counts those that remain, and those of the same instance', async () => {
    const leaver = await enter('1');
    await enter('1');
    await enter('2');
    await leaver.workers.leave();
    const { answers, ...counts } = await leaver.workers.ask((ofInstance) => (ofInstance ? 'same' : 'other'));
    expect(counts).toEqual({ onPort: 2, ofInstance: 1 });
    expect([...answers].sort()).toEqual(['other false', 'same true']);
  });

  it('does not count one that does not go on', async () => {
    const leaver = await enter('1');
    const other = await enter('1');
    other.goesOn = false;
    await leaver.workers.leave();
    await expect(leaver.workers.ask(() => 'why')).resolves.toEqual(NOBODY);
    expect(other.questions).toEqual(['why']);
  });

  it('counts one that lives and does not answer', async () => {
    const leaver = await enter('1');
    const silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(join(folder(), 'silent-000000-12345678'), resolve));
    const answer = { onPort: 1, ofInstance: 0, answers: [''] };
    await expect(leaver.workers.ask(() => 'why')).resolves.toEqual(answer);
    await new Promise((resolve) => silent.close(resolve));
  });

  it('of two that leave at the same time, one at least sees that it is the last', async () => {
    for (let round = 0; round < 20; round += 1) {
      const pair = await Promise.all([enter('1'), enter('2')]);
      const seen = await Promise.all(
        pair.map(async ({ workers }) => {
          await workers.leave();
          return (await workers.ask(() => '')).onPort;
        }),
      );
      expect(seen).toContain(0);
    }
  });

  it('ports, services and agents are kept apart', async () => {
    const one = await enter('1');
    const other = await enter('2', 9091);
    expect([one.count, other.count]).toEqual([1, 1]);
    await rm(folder(9091), { recursive: true, force: true });
  });

  it('removes what a dead process has left', async () => {
    const first = await enter('1');
    await writeFile(join(folder(), 'dead-000000-12345678'), '');
    const second = await enter('2');
    await counts(2, first, second);
    expect(await readdir(folder())).toHaveLength(2);
  });

  it('recalls all others, or those of its instance', async () => {
    const leaver = await enter('1');
    const same = await enter('1');
    const other = await enter('2');
    await leaver.workers.recall('of instance');
    await eventually(() => same.recalls === 1);
    await leaver.workers.recall('on port');
    await eventually(() => same.recalls === 2 && other.recalls === 1);
  });

  it('does not count one that is connected to and says nothing it knows', async () => {
    const worker = await enter('1');
    const [name = ''] = await readdir(folder());
    const socket = connect(join(folder(), name));
    await new Promise((resolve) => socket.end('x'.repeat(100_000), () => resolve(undefined)));
    socket.destroy();
    const second = await enter('2');
    await counts(2, worker, second);
  });

  it('leaves after it has joined, if it is told to meanwhile', async () => {
    const { workers } = new Worker();
    const joined = workers.join(shared(), '1');
    await workers.leave();
    await joined;
    await expect(readdir(folder())).rejects.toThrow('ENOENT');
  });

  it('before it has joined there is nobody', async () => {
    const { workers } = new Worker();
    await expect(workers.ask(() => '')).resolves.toEqual(NOBODY);
    await workers.recall('on port');
    await workers.leave();
  });

  it('refuses a folder that others can write to', async () => {
    const own = await mkdtemp(join(tmpdir(), 'shared-'));
    const parent = join(own, 'workers');
    await mkdir(parent);
    await chmod(parent, 0o777);
    await expect(makeWorkerFolder(join(parent, 'key'))).rejects.toThrow('that only this user can write to');
    await rm(own, { recursive: true });
  });

  it('has a path that fits into the address of a Unix socket', () => {
    expect(folder().length - tmpdir().length).toBeLessThan(50);
  });
});
