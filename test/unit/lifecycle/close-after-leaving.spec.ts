import { beforeEach, describe, expect, it } from '@jest/globals';
import { closeAfterLeaving, type Leaver } from '../../../lib/lifecycle/close-after-leaving.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

/** Stands for Nest's gRPC server, with a grpc-js server whose open call never ends. */
class EndlessServer {
  readonly events: string[] = [];
  readonly grpcClient = {
    tryShutdown: () => void this.events.push('tryShutdown'),
    forceShutdown: () => void this.events.push('forceShutdown'),
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
    const other = leaver(60_000, { owns: () => false, leave: () => Promise.reject(new Error('not asked')) });
    closeAfterLeaving(server, other);
    const wait = watched(server.close());
    await clock.advance(1_000 + 100);
    expect(wait.settled).toBe(true);
  });

  it('cuts a tenth of a second after the bound, not later', async () => {
    closeAfterLeaving(server, leaver(1_000));
    const wait = watched(server.close());
    await clock.advance(1_000 + 99);
    expect([wait.settled, server.events]).toEqual([false, ['tryShutdown']]);
    await clock.advance(1);
    expect([wait.settled, server.events]).toEqual([true, ['tryShutdown', 'forceShutdown', 'close']]);
  });

  it('closes as Nest does if no module leaves', async () => {
    closeAfterLeaving(server, leaver(0, { closeBounds: () => undefined }));
    await server.close();
    expect(server.events).toEqual(['close']);
  });
});
