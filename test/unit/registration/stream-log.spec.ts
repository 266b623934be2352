import { beforeEach, describe, expect, it } from '@jest/globals';
import { WatchError } from '../../../lib/errors/watch.error.js';
import { StreamLog } from '../../../lib/registration/stream-log.js';
import { consulKind } from '../../../lib/consul/consul-kind.js';
import { KeptLines } from '../fixtures/kept-lines.js';
import { ManualClock } from '../fixtures/manual-clock.js';

const ENDED = new WatchError('watch_stream_closed', 'the agent ended the event stream');
const AWAY = new WatchError('watch_connect', 'cannot reach the sidecar-agent');
const CONNECTED = 'log: Connected to the sidecar-agent at http://agent';
const LOST = 'warn: The agent ended the event stream; reconnecting';

describe('StreamLog', () => {
  let lines: string[];
  let clock: ManualClock;
  let log: StreamLog;

  beforeEach(() => {
    const logger = new KeptLines();
    lines = logger.lines;
    clock = new ManualClock();
    log = new StreamLog(logger, clock, 'http://agent');
  });

  const taken = () => lines.splice(0);

  async function flap(times: number, milliseconds = 50): Promise<void> {
    for (let flaps = 0; flaps < times; flaps += 1) {
      log.connected();
      await clock.advance(milliseconds);
      log.lost(ENDED, true);
    }
  }

  it('logs each stream that was stable', async () => {
    await flap(3, 10_000);
    expect(taken()).toEqual([CONNECTED, LOST, CONNECTED, LOST, CONNECTED, LOST]);
  });

  it('logs streams that end soon at widening intervals', async () => {
    await flap(20);
    expect(taken()).toEqual([
      CONNECTED,
      LOST,
      CONNECTED,
      'warn: The agent ended the event stream (4 times in a row); reconnecting',
      CONNECTED,
      'warn: The agent ended the event stream (16 times in a row); reconnecting',
      CONNECTED,
    ]);
  });

  it('says when one of them stays', async () => {
    await flap(7);
    taken();
    log.connected();
    expect(log.isQuiet).toBe(true);
    await clock.advance(9_999);
    expect(taken()).toEqual([]);
    await clock.advance(1);
    expect(taken()).toEqual([`${CONNECTED}, after 7 streams that ended soon`]);
    expect(log.isQuiet).toBe(false);
    log.lost(ENDED, true);
    expect(taken()).toEqual([LOST]);
  });

  it('speaks of connections at Consul', async () => {
    log = new StreamLog({ log: (line) => lines.push(line), warn: () => {} }, clock, 'http://agent', {
      ...consulKind({ address: '' }),
    });
    await flap(2);
    taken();
    log.connected();
    await clock.advance(10_000);
    expect(taken()).toEqual([
      'Connected to the Consul agent at http://agent, after 2 connections that ended soon',
    ]);
  });

  it('logs attempts that fail at widening intervals, and how many there were', () => {
    log.connected();
    log.lost(ENDED, true);
    for (let attempts = 0; attempts < 17; attempts += 1) log.lost(AWAY, false);
    log.connected();
    expect(taken()).toEqual([
      CONNECTED,
      LOST,
      'warn: Cannot reach the sidecar-agent; reconnecting',
      'warn: Cannot reach the sidecar-agent; reconnecting',
      `${CONNECTED} after 17 failed attempts`,
    ]);
  });

  it('logs an agent that is away for longer after some streams that ended soon', async () => {
    await flap(7);
    taken();
    for (let attempts = 0; attempts < 3; attempts += 1) log.lost(AWAY, false);
    log.connected();
    expect(taken()).toEqual([
      'warn: Cannot reach the sidecar-agent; reconnecting',
      `${CONNECTED} after 3 failed attempts`,
    ]);
  });

  it('keeps no timer once it is stopped', async () => {
    await flap(2);
    log.connected();
    log.stop();
    expect(clock.timers).toBe(0);
  });
});
