import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';

const APP = fileURLToPath(new URL('commonjs-app.cjs', import.meta.url));

describe('a CommonJS application', () => {
  it('requires every entry point, registers and leaves', async () => {
    const port = String(await freePort());
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', APP, port]);
    const last = stdout.trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toEqual({
      said: ['/watch 200', '/register 200', '/drain 200', '/deregister 200'],
      health: {
        sidecar: {
          status: 'up',
          phase: 'registered',
          connected: true,
          registered: true,
          registerReplayCount: 1,
          registerReplayFailureCount: 0,
          disconnectCount: 0,
          lastErrorKind: null,
        },
      },
      methods: ['/acme.greeter.v1.Greeter/Greet'],
    });
  });
});
