import { beforeEach, describe, expect, it } from '@jest/globals';
import { closeAfterLeaving, isRegistered, type Leaver } from '../../../lib/lifecycle/close-after-leaving.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

/** Stands for Nest's gRPC server, with a grpc-js server whose open call never ends. */
class EndlessServer {
  readonly events: string[] = [];
  readonly grpcClient = {
    tryShutdown: (_ended: () => void) => this.events.push('tryShutdown'),
    forceShutdown: () => this.events.push('forceShutdown'),
  };
  close(): Promise<void> {
    this.events.push('close');
    return Promise.resolve();
  }
}

describe('closeAfterLeaving', () => {
  let clock: ManualClock;
  let server: EndlessServer;

  beforeEach(() => {
    clock = new ManualClock();
    server = new EndlessServer();
  });

  /** A module that has so many milliseconds left for the close. */
  const leaver = (rest: number, more: Partial<Leaver> = {}): Leaver => ({
    owns: () => true,
    leave: () => Promise.resolve(),
    closeBounds: () => ({ clock, rest }),
    ...more,
  });

  it.each([
    ['first', [5_000, 1_000]],
    ['last', [1_000, 5_000]],
  ])('gives several modules of a server the longest of their bounds (%s)', async (_place, rests) => {
    for (const rest of rests) closeAfterLeaving(server, leaver(rest));
    const wait = watched(server.close());
    await clock.advance(4_999);
    expect([wait.settled, server.events]).toEqual([false, ['tryShutdown']]);
    await clock.advance(1 + 100);
    expect([wait.settled, server.events]).toEqual([true, ['tryShutdown', 'forceShutdown', 'close']]);
    expect(clock.timers).toBe(0);
  });

  it('asks only the modules whose service the server serves', async () => {
    closeAfterLeaving(server, leaver(1_000));
    const asked: string[] = [];
    const ask = (what: string) => Promise.resolve(void asked.push(what));
    const other = leaver(60_000, {
      owns: () => false,
      leave: () => ask('leave'),
      finishWork: () => ask('finishWork'),
    });
    closeAfterLeaving(server, other);
    const wait = watched(server.close());
    await clock.advance(1_000 + 100);
    expect([wait.settled, server.events]).toEqual([true, ['tryShutdown', 'forceShutdown', 'close']]);
    expect(asked).toEqual([]);
  });

  it('closes a server that no module registers within the bounds of all modules', async () => {
    for (const rest of [1_000, 5_000]) closeAfterLeaving(server, leaver(rest, { owns: () => false }));
    const wait = watched(server.close());
    await clock.advance(4_999);
    expect([wait.settled, server.events]).toEqual([false, ['tryShutdown']]);
    await clock.advance(1 + 100);
    expect(wait.settled).toBe(true);
  });

  it('begins to close after the last module has left, and ends after the work of each', async () => {
    const left = [1_000, 3_000].map((time) => () => clock.sleep(time, new AbortController().signal));
    const finishWork = () => clock.sleep(500, new AbortController().signal);
    for (const leave of left) closeAfterLeaving(server, leaver(0, { leave, finishWork }));
    const wait = watched(server.close());
    await clock.advance(2_999);
    expect(server.events).toEqual([]);
    await clock.advance(1 + 100);
    expect(server.events).toEqual(['tryShutdown', 'forceShutdown', 'close']);
    await clock.advance(499);
    expect(wait.settled).toBe(false);
    await clock.advance(1);
    expect(wait.settled).toBe(true);
  });

  it('ends the calls that each module knows: the endless ones at once, all of them at the bound', async () => {
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const known = [
      { count: 2, methods: ['/a.A/Two', '/a.A/One'] },
      { count: 1, methods: ['/a.A/One'] },
    ];
    const ended: string[] = [];
    for (const [index, { count, methods }] of known.entries()) {
      const end = (which: string) => void ended.push(`${which} ${index}`);
      const calls = { count, methods, endEndless: () => end('endless'), endAll: () => end('all') };
      closeAfterLeaving(server, leaver(3_000, { callsOf: () => calls, log }));
    }
    // A copy of the package from before there were calls.
    closeAfterLeaving(server, leaver(3_000));
    const wait = watched(server.close());
    await clock.advance(2_999);
    expect(ended).toEqual(['endless 0', 'endless 1']);
    // All modules see the same calls.
    expect(lines).toEqual(['Waiting for 2 calls in flight: /a.A/One, /a.A/Two']);
    await clock.advance(1);
    expect(ended.slice(2)).toEqual(['all 0', 'all 1']);
    await clock.advance(100);
    expect(wait.settled).toBe(true);
  });

  it('ends with the last call, before the bound', async () => {
    let endLast = () => {};
    server.grpcClient.tryShutdown = (ended) => {
      endLast = ended;
      return 0;
    };
    closeAfterLeaving(server, leaver(60_000));
    const wait = watched(server.close());
    await clock.advance(1_000);
    expect(wait.settled).toBe(false);
    endLast();
    await clock.advance(0);
    expect([wait.settled, server.events, clock.timers]).toEqual([true, ['close'], 0]);
  });

  it('cuts a tenth of a second after the bound, not later', async () => {
    closeAfterLeaving(server, leaver(1_000));
    const closed = server.close();
    const wait = watched(closed);
    await clock.advance(1_000 + 99);
    expect([wait.settled, server.events]).toEqual([false, ['tryShutdown']]);
    await clock.advance(1);
    await closed;
    expect(server.events).toEqual(['tryShutdown', 'forceShutdown', 'close']);
  });

  it('closes as Nest does if no module leaves', async () => {
    closeAfterLeaving(server, leaver(0, { closeBounds: () => undefined }));
    await server.close();
    expect(server.events).toEqual(['close']);
  });

  it('tells whether a module registers the service of a server', () => {
    expect(isRegistered(server)).toBe(false);
    closeAfterLeaving(server, leaver(0, { owns: () => false }));
    expect(isRegistered(server)).toBe(false);
    closeAfterLeaving(server, leaver(0));
    expect(isRegistered(server)).toBe(true);
  });
});
