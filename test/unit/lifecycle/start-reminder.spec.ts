import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StartReminder } from '../../../lib/lifecycle/start-reminder.js';
import { ManualClock } from '../fixtures/manual-clock.js';

const UP = { booted: true, missedHooks: false, protocol: 'grpc' } as const;

describe('StartReminder', () => {
  let clock: ManualClock;
  let warnings: string[];
  let isStarted: boolean;
  let reminder: StartReminder;

  beforeEach(() => {
    clock = new ManualClock();
    warnings = [];
    isStarted = false;
    const logger = new Logger('test');
    jest.spyOn(logger, 'warn').mockImplementation((line: unknown) => void warnings.push(String(line)));
    reminder = new StartReminder(clock, logger, () => isStarted);
  });

  it.each([
    ['app.init() after app.startAllMicroservices()', { booted: false, missedHooks: false, protocol: 'grpc' }],
    ['was loaded lazily', { booted: false, missedHooks: true, protocol: 'grpc' }],
    ['its HTTP server is not listening', { booted: true, missedHooks: false, protocol: 'http' }],
    ['no gRPC server is listening', { booted: true, missedHooks: false, protocol: 'grpc' }],
    ['the application has no gRPC server. Connect one', { ...UP, grpcServer: 'missing' }],
    ['its gRPC server is not listening. Call app.startAll', { ...UP, grpcServer: 'not listening' }],
  ] as const)('names the call that is missing after five seconds: %s', async (text, progress) => {
    reminder.remindOfStart(progress, () => []);
    await clock.advance(4_999);
    expect(warnings).toEqual([]);
    await clock.advance(1);
    expect(warnings).toEqual([expect.stringContaining(text)]);
    expect(clock.timers).toBe(0);
  });

  it('waits a minute for an application that listens nowhere', async () => {
    const progress = { ...UP, grpcServer: 'missing', awaitsHttp: true } as const;
    reminder.remindOfStart(progress, () => []);
    await clock.advance(59_999);
    expect(warnings).toEqual([]);
    await clock.advance(1);
    expect(warnings).toEqual([expect.stringContaining('the option grpc is given')]);
  });

  it('tells each call that is missing once', async () => {
    for (const grpcServer of ['missing', 'missing', 'not listening', 'not listening'] as const) {
      reminder.remindOfStart({ ...UP, grpcServer }, () => []);
      await clock.advance(5_000);
    }
    expect(warnings).toEqual([
      expect.stringContaining('has no gRPC server'),
      expect.stringContaining('is not listening'),
    ]);
  });

  it('tells that no hook has run, unless the service was started by hand', async () => {
    reminder.remindOfMissedHooks();
    await clock.advance(5_000);
    expect(warnings).toEqual([expect.stringContaining('was loaded lazily')]);
    isStarted = true;
    reminder.remindOfMissedHooks();
    await clock.advance(5_000);
    expect(warnings).toHaveLength(1);
  });

  it.each(['remindOfStart', 'remindOfHooks'] as const)('names the hooks that run (%s)', async (method) => {
    const running = () => ['Cache', 'Queue'];
    if (method === 'remindOfStart')
      reminder.remindOfStart({ booted: false, missedHooks: false, protocol: 'grpc' }, running);
    else reminder.remindOfHooks(running);
    await clock.advance(5_000);
    expect(warnings).toEqual([
      expect.stringMatching(/^Not registered yet: onApplicationBootstrap of Cache, Queue has not finished/),
    ]);
  });

  it('says nothing of hooks if none runs', async () => {
    reminder.remindOfHooks(() => []);
    await clock.advance(5_000);
    expect(warnings).toEqual([]);
  });

  it('says nothing if the service has started meanwhile', async () => {
    reminder.remindOfStart({ booted: true, missedHooks: false, protocol: 'grpc' }, () => ['Cache']);
    isStarted = true;
    await clock.advance(5_000);
    expect(warnings).toEqual([]);
  });

  it('waits anew with each step of the start', async () => {
    reminder.remindOfHooks(() => ['Cache']);
    await clock.advance(4_000);
    reminder.remindOfStart({ booted: true, missedHooks: false, protocol: 'http' }, () => []);
    await clock.advance(4_000);
    expect([warnings, clock.timers]).toEqual([[], 1]);
    reminder.cancel();
    reminder.cancel();
    expect(clock.timers).toBe(0);
  });
});
