import { describe, expect, it } from '@jest/globals';
import { readChaosCommand } from '../../../../lib/agent-page/server/chaos.js';

describe('readChaosCommand', () => {
  it.each([
    { action: 'restart' },
    { action: 'fail-next', path: '/register', status: 503 },
    { action: 'delay-next', path: '/watch', milliseconds: 2_000 },
    { action: 'lose', service: 'auth' },
  ])('takes %j', (command) => {
    expect(readChaosCommand(command)).toEqual(command);
  });

  it.each([
    undefined,
    'restart',
    {},
    { action: 'explode' },
    { action: 'fail-next', path: '/page/events', status: 503 },
    { action: 'fail-next', path: '/register', status: 200 },
    { action: 'fail-next', path: '/register', status: 600 },
    { action: 'delay-next', path: '/register', milliseconds: 0 },
    { action: 'delay-next', path: '/register', milliseconds: 60_001 },
    { action: 'delay-next', path: '/register', milliseconds: 1.5 },
    { action: 'lose', service: '' },
    { action: 'lose' },
  ])('says what is wrong with %j', (body) => {
    expect(readChaosCommand(body)).toEqual(expect.any(String));
  });
});
