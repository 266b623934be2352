import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RegistrationEvent } from '../../../lib/registration/machine/registration-event.js';
import { PortSharing } from '../../../lib/registration/port-sharing.js';
import { workerFolder } from '../../../lib/workers/worker-folder.js';
import { SystemClock } from '../../../lib/support/timing/sidecar-clock.js';
import { LogBook } from '../../support/greeter-app.js';
import {
  after,
  connected,
  leave,
  ready,
  remaining,
  requested,
  workers,
  yes,
} from '../fixtures/registration-events.js';

describe('PortSharing', () => {
  let logs: LogBook;
  /** Of its own, so that tests at the same time do not meet. */
  let origin: string;

  beforeEach(() => {
    origin = `http://127.0.0.1:15010/${Math.random()}`;
    logs = new LogBook();
    Logger.overrideLogger(logs);
  });

  afterEach(() => rm(folder(), { recursive: true, force: true }));

  const folder = () => workerFolder({ agent: origin, service: 'auth', port: 10500 }) ?? '';

  function share(events: readonly RegistrationEvent[]) {
    const reported: RegistrationEvent[] = [];
    const endpoint = { origin, basePath: '', watchPath: '/watch', headers: {} };
    const parts = {
      settings: { endpoint },
      clock: new SystemClock(),
      logger: new Logger('SidecarAgent'),
    };
    const sharing = new PortSharing(
      parts,
      (event) => reported.push(event),
      () => after(events).state,
    );
    return { sharing, reported };
  }

  it('reports how many there are, and those that remain', async () => {
    const { sharing, reported } = share([ready]);
    await sharing.join();
    await sharing.countRemaining();
    expect(reported).toContainEqual(workers(1));
    expect(reported.at(-1)).toEqual({ type: 'remaining', remaining: { onPort: 0, ofInstance: 0 } });
  });

  it('asks for a replay if another process has deregistered its instance', async () => {
    const first = share([ready, connected]);
    const second = share([ready, connected]);
    await first.sharing.join();
    await second.sharing.join();
    await first.sharing.recallOthers('flat');
    while (!second.reported.some(({ type }) => type === 'recalled')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([first.sharing.close(), second.sharing.close()]);
  });

  it('asks a process that came during its drain to register again', async () => {
    const drained = share([ready, connected, yes(1, { dialect: 'flat' }), leave, yes(2)]);
    const newcomer = share([ready, connected]);
    await drained.sharing.join();
    await newcomer.sharing.join();
    await drained.sharing.countRemaining();
    while (!newcomer.reported.some(({ type }) => type === 'recalled')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await newcomer.sharing.close();
  });

  it('leaves what the agent holds to one that has never registered', async () => {
    const leaver = share([ready, connected, yes(1, { dialect: 'flat' }), leave]);
    const other = share([ready]);
    await leaver.sharing.join();
    await other.sharing.join();
    await leaver.sharing.countRemaining();
    expect(other.reported).toContainEqual({
      type: 'inherited',
      ofInstance: true,
      dialect: 'flat',
      mayLand: false,
    });
    const remaining = { onPort: 1, ofInstance: 1 };
    expect(leaver.reported.at(-1)).toEqual({ type: 'remaining', remaining });
    await Promise.all([leaver.sharing.close(), other.sharing.close()]);
  });

  it.each<[string, RegistrationEvent[]]>([
    ['leaves as well', [ready, leave, remaining(0)]],
    ['is drained manually', [ready, connected, requested({ operation: 'drain' })]],
  ])('leaves nothing to one that %s', async (_what, events) => {
    const leaver = share([ready, connected, yes(1, { dialect: 'flat' }), leave]);
    const other = share(events);
    await leaver.sharing.join();
    await other.sharing.join();
    await leaver.sharing.countRemaining();
    expect(other.reported.map(({ type }) => type)).not.toContain('inherited');
    expect(leaver.reported.at(-1)).toEqual({ type: 'remaining', remaining: { onPort: 0, ofInstance: 0 } });
    await Promise.all([leaver.sharing.close(), other.sharing.close()]);
  });

  it('does without the others if it cannot make the folder', async () => {
    await mkdir(dirname(folder()), { recursive: true, mode: 0o700 });
    await writeFile(folder(), 'a file');
    const { sharing, reported } = share([ready]);
    await sharing.join();
    await sharing.countRemaining();
    expect(reported).toEqual([{ type: 'remaining', remaining: { onPort: 0, ofInstance: 0 } }]);
    expect(logs.lines.join()).toMatch(/^debug Cannot tell whether other processes serve port 10500: .+/);
  });
});
