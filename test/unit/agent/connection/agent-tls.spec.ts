import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../../../lib/agent/client/http-sidecar-client.js';
import { InvalidOptionsError, type SidecarAgentError, type TlsOptions } from '../../../../lib/index.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { AGENT, CA, ELSEWHERE, SERVICE } from '../../../faults/support/certificates.js';
import { shortOptions, WatchRun } from '../../../faults/support/watch-run.js';
import { ScriptedAgent } from '../../../support/scripted-agent.js';

const WHO = { appId: '10001', appInstanceId: 'one', serviceName: 'greeter', servicePort: 10500 };

describe('tls', () => {
  let agent: ScriptedAgent;
  let run: WatchRun | undefined;
  let client: HttpSidecarClient | undefined;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'agent-tls-'));
    agent = await new ScriptedAgent({}, { ...AGENT, ca: CA, requestCert: true }).listen();
  });

  afterEach(async () => {
    run?.stop();
    await client?.close();
    run = client = undefined;
    await agent.close();
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, content?: string) => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };

  const options = (tls: TlsOptions) => ({ baseUrl: `https://127.0.0.1:${agent.port}`, tls });

  const failure = (tls: TlsOptions) => {
    client = new HttpSidecarClient(shortOptions(options(tls)), new SystemClock());
    return client.deregister(WHO).catch((error: SidecarAgentError) => error);
  };

  describe('with files', () => {
    it('reads them again for each connection', async () => {
      const authorized: unknown[] = [];
      agent.scripts = {
        '/watch': (socket) => {
          authorized.push(socket instanceof TLSSocket && socket.authorized);
          socket.end();
        },
      };
      const [caFile, certFile, keyFile] = [file('ca'), file('cert'), file('key')];
      run = new WatchRun(options({ caFile, certFile, keyFile }));
      const [missing] = await run.drops(1);
      expect(missing).toMatchObject({
        kind: 'watch_tls',
        message: expect.stringMatching(/: tls\.\w+File: cannot read .*agent-tls-.* \(ENOENT\)$/),
        cause: { code: 'ERR_TLS_FILE', cause: { code: 'ENOENT' } },
      });
      // A key that does not fit the certificate, as in the middle of a renewal.
      for (const [name, content] of Object.entries({ ca: CA, cert: SERVICE.cert, key: ELSEWHERE.key })) {
        file(name, content);
      }
      const from = run.ended.length;
      const unfit = (await run.drops(from + 2))[from + 1];
      expect(unfit).toMatchObject({ kind: 'watch_tls', cause: { code: 'ERR_TLS_OPTIONS' } });
      expect(authorized).toEqual([]);
      file('key', SERVICE.key);
      await agent.until(() => authorized.length > 0);
      expect(authorized[0]).toBe(true);
      // A CA that has not signed the certificate of the agent.
      file('ca', AGENT.cert);
      const before = run.ended.length;
      const untrusted = (await run.drops(before + 3))[before + 2];
      expect(untrusted).toMatchObject({ kind: 'watch_tls' });
    });

    it('fails the call that cannot read them, and reads them for the next', async () => {
      const tls = { caFile: file('ca'), ...SERVICE };
      expect(await failure(tls)).toMatchObject({
        name: 'SidecarConnectionError',
        code: 'ERR_TLS_FILE',
        message: `cannot call the sidecar-agent at https://127.0.0.1:${agent.port}: tls.caFile: cannot read ${tls.caFile} (ENOENT)`,
      });
      file('ca', CA);
      await expect(client?.deregister(WHO)).resolves.toMatchObject({ code: 'deregister_ok' });
    });
  });

  describe('with checkServerIdentity', () => {
    type Check = NonNullable<TlsOptions['checkServerIdentity']>;
    const told = 'tls.checkServerIdentity';

    it.each<[string, string, () => unknown]>([
      [
        'throws',
        `${told} failed (boom)`,
        () => {
          throw new Error('boom');
        },
      ],
      ['returns an error', `${told} refused the certificate (not you)`, () => new Error('not you')],
      ['returns a text', `${told} refused the certificate (not you)`, () => 'not you'],
      [
        'returns a promise that rejects',
        `${told} failed (it must return an Error or undefined, got a promise)`,
        () => Promise.reject(new Error('late')),
      ],
    ])('that %s: an error of the connection, which is tried again', async (_what, reason, check) => {
      const tls = { ca: CA, checkServerIdentity: check as Check };
      run = new WatchRun(options(tls));
      const drops = await run.drops(3);
      expect(drops.map(({ kind }) => kind)).toEqual(Array(3).fill('watch_tls'));
      expect(drops[0]?.message).toContain(reason);
      expect(await failure(tls)).toMatchObject({ code: 'ERR_TLS_SERVER_IDENTITY' });
      expect(agent.requests).toEqual([]);
    });

    it('keeps the error of Node', async () => {
      const check: Check = (_host, certificate) => checkServerIdentity('elsewhere.test', certificate);
      expect(await failure({ ca: CA, checkServerIdentity: check })).toMatchObject({
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      });
    });

    it('connects if it returns nothing', async () => {
      const hosts: string[] = [];
      const check: Check = (host) => void hosts.push(host);
      expect(await failure({ ca: CA, ...SERVICE, checkServerIdentity: check })).toMatchObject({
        statusCode: 200,
      });
      expect(hosts).toEqual(['127.0.0.1']);
    });
  });

  const PEM = (name: string) =>
    `must be a PEM text, a Buffer, or a list of them; the path of a file goes into tls.${name}File`;

  it.each<[string, object, string, string | RegExp]>([
    ['a path', { ca: '/tls/ca.crt' }, 'tls.ca', PEM('ca')],
    ['an empty list', { cert: [] }, 'tls.cert', PEM('cert')],
    ['a number', { key: 1 }, 'tls.key', PEM('key')],
    ['a number', { pfx: 1 }, 'tls.pfx', /^must be a Buffer/],
    ['a number', { caFile: 1 }, 'tls.caFile', 'must be a string'],
    ['a blank', { caFile: ' ' }, 'tls.caFile', 'must not be blank'],
    ['a text', { rejectUnauthorized: 'no' }, 'tls.rejectUnauthorized', 'must be true or false'],
    ['a version', { minVersion: 'TLS1.3' }, 'tls.minVersion', /^must be "TLSv1.3", /],
    ['a text', { checkServerIdentity: 'x' }, 'tls.checkServerIdentity', 'must be a function'],
    ['a misspelt name', { certfile: 'x' }, 'tls.certfile', /^unknown option \(did you mean `certFile`\?\)$/],
    [
      'two CAs',
      { ca: CA, caFile: 'x' },
      'tls.caFile',
      'cannot be combined with tls.ca: leave one of them out',
    ],
    ['no key', { certFile: 'x' }, 'tls.certFile', 'needs tls.keyFile or tls.key'],
    ['no certificate', { keyFile: 'x' }, 'tls.keyFile', 'needs tls.certFile or tls.cert'],
    ['a broken text', { cert: '-----BEGIN x', key: SERVICE.key }, 'tls', /^cannot be used: /],
    ['an unfit key', { cert: SERVICE.cert, key: AGENT.key }, 'tls', /^cannot be used: .*key values mismatch/],
  ])('refuses %s: %p', (_what, tls, path, message) => {
    const refused = () => shortOptions(options(tls));
    expect(refused).toThrow(InvalidOptionsError);
    try {
      refused();
    } catch (thrown) {
      const { faults } = thrown as InvalidOptionsError;
      const expected = typeof message === 'string' ? message : expect.stringMatching(message);
      expect(faults).toEqual([{ path, message: expected }]);
    }
  });
});
