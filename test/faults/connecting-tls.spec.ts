import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { TLSSocket, type TlsOptions as ServerTlsOptions } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../lib/agent/client/http-sidecar-client.js';
import { SidecarAgent, type SidecarConnectionError, type TlsOptions } from '../../lib/index.js';
import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';
import { createGreeterApp, type GreeterApp } from '../support/greeter-app.js';
import { answer, ScriptedAgent } from '../support/scripted-agent.js';
import { AGENT, CA, ELSEWHERE, SERVICE } from './support/certificates.js';
import { shortOptions, WatchRun } from './support/watch-run.js';

const WHO = { appId: '10001', appInstanceId: 'one', serviceName: 'greeter', servicePort: 10500 };

interface Failure {
  readonly fault: string;
  readonly agentTls: ServerTlsOptions;
  readonly tls?: TlsOptions;
  readonly code: RegExp;
}

/** An agent that asks for the certificate of a client. */
const NOSY: ServerTlsOptions = { ...AGENT, ca: CA, requestCert: true };

const FAILURES: readonly Failure[] = [
  {
    fault: 'the agent’s CA is unknown to us',
    agentTls: AGENT,
    code: /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT/,
  },
  {
    fault: 'the agent’s certificate names another host',
    agentTls: ELSEWHERE,
    tls: { ca: CA },
    code: /ERR_TLS_CERT_ALTNAME_INVALID/,
  },
  {
    fault: 'the agent asks for a client certificate and we have none',
    agentTls: { ...NOSY, maxVersion: 'TLSv1.2' },
    tls: { ca: CA },
    code: /ERR_SSL_.*HANDSHAKE_FAILURE|ERR_SSL_.*ALERT/,
  },
  {
    fault: 'the agent’s TLS is too old for us',
    agentTls: { ...AGENT, maxVersion: 'TLSv1.2' },
    tls: { ca: CA, minVersion: 'TLSv1.3' },
    code: /ERR_SSL_.*PROTOCOL_VERSION/,
  },
];

describe('a TLS failure', () => {
  let agent: ScriptedAgent;
  let run: WatchRun | undefined;
  let greeter: GreeterApp | undefined;

  afterEach(async () => {
    run?.stop();
    await greeter?.app.close();
    run = greeter = undefined;
    await agent.close();
  });

  const https = () => `https://127.0.0.1:${agent.port}`;

  describe.each(FAILURES)('$fault', ({ agentTls, tls, code }) => {
    beforeEach(async () => {
      agent = await new ScriptedAgent({}, agentTls).listen();
      run = new WatchRun({ baseUrl: https(), tls });
    });

    it('retry, never a downgrade: no request gets through, however often it is tried', async () => {
      await run?.drops(4);
      expect(agent.requests).toEqual([]);
    });

    it('its own kind, and the code in the message', async () => {
      const errors = (await run?.drops(3)) ?? [];
      expect(errors.map(({ message }) => message)).toEqual(Array(3).fill(expect.stringMatching(code)));
      expect(errors.map(({ kind }) => kind)).toEqual(Array(3).fill('watch_tls'));
    });
  });

  describe('the agent asks for a client certificate when the handshake is over, as TLS 1.3 has it', () => {
    beforeEach(async () => {
      agent = await new ScriptedAgent({}, { ...NOSY, minVersion: 'TLSv1.3' }).listen();
      run = new WatchRun({ baseUrl: https(), tls: { ca: CA } });
    });

    it('retry, never a downgrade: no request gets through', async () => {
      await run?.drops(4);
      expect(agent.requests).toEqual([]);
    });

    it('its own kind, and the code in the message', async () => {
      // The reset that follows the agent's alert may overtake it, once in a while.
      const errors = (await run?.drops(5)) ?? [];
      expect(errors.map(({ message }) => message)).toContainEqual(
        expect.stringContaining('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
      );
      expect(errors.map(({ kind }) => kind)).toContain('watch_tls');
    });
  });

  it('a call says so too, and not only that the connection was closed', async () => {
    agent = await new ScriptedAgent({}, { ...NOSY, minVersion: 'TLSv1.3' }).listen();
    const client = new HttpSidecarClient(
      shortOptions({ baseUrl: https(), tls: { ca: CA } }),
      new SystemClock(),
    );
    const codes: string[] = [];
    // As above: the reset may overtake the alert.
    for (let call = 0; call < 5; call += 1) {
      await client.deregister(WHO).catch((error: SidecarConnectionError) => codes.push(error.code));
    }
    await client.close();
    expect(codes).toHaveLength(5);
    expect(codes).toContain('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    expect(codes).not.toContain('UND_ERR_SOCKET');
    expect(agent.requests).toEqual([]);
  });

  describe('an agent that speaks no TLS', () => {
    const firstBytes: number[] = [];
    let plain: Server;

    beforeEach(async () => {
      agent = new ScriptedAgent();
      firstBytes.length = 0;
      plain = createServer((socket) => {
        socket
          .on('error', () => {})
          .once('data', (bytes) => {
            firstBytes.push(bytes[0] ?? 0);
            socket.end(answer(400, 'this is HTTP'));
          });
      }).listen(0, '127.0.0.1');
      await once(plain, 'listening');
      const address = plain.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      run = new WatchRun({ baseUrl: `https://127.0.0.1:${port}`, tls: { rejectUnauthorized: false } });
    });

    afterEach(async () => {
      run?.stop();
      plain.close();
      await once(plain, 'close');
    });

    it('retry, never a downgrade: all that it ever hears from us is TLS', async () => {
      await run?.drops(4);
      const handshakeRecord = 22;
      expect(new Set(firstBytes)).toEqual(new Set([handshakeRecord]));
    });

    it('its own kind, and the code in the message', async () => {
      const errors = (await run?.drops(3)) ?? [];
      const code = 'ERR_SSL_WRONG_VERSION_NUMBER';
      expect(errors.map(({ message }) => message)).toEqual(Array(3).fill(expect.stringContaining(code)));
      expect(errors.map(({ kind }) => kind)).toEqual(Array(3).fill('watch_tls'));
    });
  });

  describe('put right', () => {
    it.each<{ how: string; agentTls: ServerTlsOptions; tls: TlsOptions }>([
      {
        how: 'with an own CA and a client certificate',
        agentTls: NOSY,
        tls: { ca: CA, ...SERVICE },
      },
      {
        how: 'with the name that the certificate has',
        agentTls: ELSEWHERE,
        tls: { ca: CA, servername: 'elsewhere.test' },
      },
    ])('$how it registers, drains and deregisters', async ({ agentTls, tls }) => {
      const authorized: boolean[] = [];
      agent = await new ScriptedAgent({}, agentTls).listen();
      agent.scripts = {
        '/register': (socket) => {
          authorized.push(socket instanceof TLSSocket && socket.authorized);
          socket.write(answer(200, '{"success":true}'));
        },
      };
      greeter = await createGreeterApp('microservice', { baseUrl: https(), tls, gracePeriod: 1_000 });
      await greeter.listen();
      await greeter.app.get(SidecarAgent).registered();
      expect(authorized).toEqual([Boolean(tls.cert)]);
      await greeter.app.close();
      greeter = undefined;
      expect(agent.requests.map(({ path }) => path)).toEqual([
        '/watch',
        '/register',
        '/drain',
        '/deregister',
      ]);
    });
  });
});
