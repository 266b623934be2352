import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker as Thread } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PortWorkers } from '../../../lib/workers/port-workers.js';
import { makeWorkerFolder, workerFolder } from '../../../lib/workers/worker-folder.js';
import { WorkerPlace } from '../../../lib/workers/worker-place.js';
import { eventually } from '../../support/eventually.js';

const NOBODY = { onPort: 0, ofInstance: 0, answers: [] };

const BLOCKED_SERVER = `
  const { parentPort, workerData } = require('node:worker_threads');
  require('node:net').createServer().listen({ path: workerData, backlog: 1 }, () => {
    parentPort.postMessage('listens');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** One process among those that serve a port. */
class Worker {
  count = 0;
  recalls = 0;
  goesOn = true;
  readonly questions: string[] = [];
  readonly workers: PortWorkers;

  constructor(refreshEvery?: number) {
    const counted = (count: number) => (this.count = count);
    const recalled = () => (this.recalls += 1);
    const asked = (question: string, ofInstance: boolean) => {
      this.questions.push(question);
      return this.goesOn ? `${question} ${ofInstance}` : undefined;
    };
    this.workers = new PortWorkers({ counted, recalled, asked }, refreshEvery);
  }
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

  async function enter(instanceId: string, port?: number, refreshEvery?: number): Promise<Worker> {
    const worker = new Worker(refreshEvery);
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

  it('counts one that it can neither connect to nor call dead', async () => {
    const leaver = await enter('1');
    const path = join(folder(), 'busy-000000-12345678');
    // Its event loop is blocked, and its queue of connections is full.
    const busy = new Thread(BLOCKED_SERVER, { eval: true, workerData: path });
    await once(busy, 'message');
    const queued = Array.from({ length: 3 }, () => connect(path).on('error', () => {}));
    await once(queued[2] ?? busy, 'error');
    const answer = { onPort: 1, ofInstance: 0, answers: [''] };
    await expect(leaver.workers.ask(() => 'why')).resolves.toEqual(answer);
    await leaver.workers.recall('on port');
    for (const socket of queued) socket.destroy();
    await busy.terminate();
  });

  it('counts those that it is connected to, if the folder cannot be read', async () => {
    const leaver = await enter('1');
    const other = await enter('2');
    await counts(2, leaver, other);
    await rm(folder(), { recursive: true });
    await writeFile(folder(), 'a file');
    await expect(leaver.workers.ask(() => 'why')).resolves.toMatchObject({ onPort: 1 });
    await leaver.workers.recall('on port');
    await eventually(() => other.recalls === 1);
  });

  it('joins nobody if the folder cannot be read', async () => {
    const worker = await enter('1');
    const place = new WorkerPlace(folder(), 'another', () => {});
    await rm(folder(), { recursive: true });
    await writeFile(folder(), 'a file');
    await expect(place.others()).rejects.toThrow('ENOTDIR');
    expect(worker.count).toBe(1);
  });

  describe('if the socket is removed, as by a system that cleans up its temporary files', () => {
    it('makes it again, and is found by whoever joins', async () => {
      const first = await enter('1', undefined, 20);
      const second = await enter('2', undefined, 20);
      const names = await readdir(folder());
      await rm(folder(), { recursive: true });
      await eventually(async () => (await readdir(folder()).catch(() => [])).length === 2);
      expect((await readdir(folder())).sort()).toEqual(names.sort());
      await counts(3, first, second, await enter('3'));
    });

    it('still asks those that it is connected to', async () => {
      const leaver = await enter('1');
      const other = await enter('2');
      await counts(2, leaver, other);
      await rm(folder(), { recursive: true });
      await leaver.workers.leave();
      await expect(leaver.workers.ask(() => 'why')).resolves.toMatchObject({ onPort: 1 });
    });

    it('connects to one that it did not find before', async () => {
      const first = await enter('1', undefined, 20);
      await rm(folder(), { recursive: true });
      const second = await enter('2');
      await counts(2, first, second);
    });

    it('does not come back after it has left', async () => {
      const first = await enter('1', undefined, 20);
      const other = await enter('2');
      await first.workers.leave();
      await setTimeout(60);
      expect(await readdir(folder())).toHaveLength(1);
      expect(other.count).toBe(1);
    });
  });

  it('touches its socket, so that it does not look old', async () => {
    await enter('1', undefined, 20);
    const [name = ''] = await readdir(folder());
    await utimes(join(folder(), name), 0, 0);
    await eventually(async () => (await stat(join(folder(), name))).mtimeMs > Date.now() - 60_000);
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
