import { inspect } from 'node:util';
import type { INestMicroservice } from '@nestjs/common';
import * as nest from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  SidecarAgent,
  type SidecarAgentError,
  SidecarAgentModule,
  SidecarClient,
  SidecarStatusService,
} from '../../lib/index.js';
import { SidecarAgentOtelModule } from '../../lib/otel/index.js';
import { AGENT, CA, SERVICE } from '../faults/support/certificates.js';
import { everythingOf } from '../support/everything-of.js';
import { freePort } from '../support/free-port.js';
import { GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { createGreeterApp, type GreeterApp, greeterOptions } from '../support/greeter-app.js';
import { answer, chunk, ScriptedAgent, STREAM_HEAD } from '../support/scripted-agent.js';
import { statusWhere } from '../support/status-where.js';

const TOKEN = 'tok-31415926535';
const SECRET = 'sec-27182818284';
const COOKIE = 'cookie-16180339887';

describe('secrets, with an agent that says back all it was sent', () => {
  const agent = new ScriptedAgent();
  let greeter: GreeterApp;

  afterEach(async () => {
    await greeter.app.close();
    await agent.close();
  });

  it('are in no log line, error, status or timeline', async () => {
    const errors: SidecarAgentError[] = [];
    const echo = (said: string) => answer(500, JSON.stringify({ success: false, code: said, message: said }));
    agent.scripts = {
      '/watch': (socket, { headers }) => {
        const said = JSON.stringify({
          event: 'connected',
          message: headers.authorization,
          service: headers.cookie,
        });
        const broken = `event: ${headers.cookie}\nid: ${headers.authorization}\ndata: {${headers.authorization}\n\n`;
        socket.write(
          Buffer.concat([Buffer.from(STREAM_HEAD), chunk(`id: ${headers.cookie}\ndata: ${said}\n\n`)]),
        );
        if (agent.to('/register').length > 2) socket.write(chunk(broken));
      },
      '/register': (socket, { headers }) => socket.write(echo(`${headers.authorization} ${headers.cookie}`)),
    };
    await agent.listen();
    greeter = await createGreeterApp('microservice', {
      baseUrl: agent.url,
      app: { id: '1', name: 'a', env: 'e', version: 'v', secret: SECRET },
      headers: { authorization: `Bearer ${TOKEN}`, cookie: COOKIE },
      onError: (error) => errors.push(error),
    });
    await greeter.listen();
    const refused = await statusWhere(greeter.app, (status) => status.registerReplayFailureCount >= 3);
    await agent.close();
    await statusWhere(greeter.app, ({ lastErrorKind }) => lastErrorKind === 'watch_connect');

    const told = [SidecarAgent, SidecarClient, SidecarStatusService].map((token) =>
      greeter.app.get<object>(token),
    );
    const timeline = greeter.app.get(SidecarStatusService).timeline();
    const everything = inspect([errors, refused, timeline, told, greeter.logs.lines], {
      depth: 20,
      showHidden: true,
    });
    expect(refused.lastError).toContain('[redacted]');
    expect(timeline.some(({ text }) => text.includes('[redacted]'))).toBe(true);
    expect(agent.to('/register')[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    for (const secret of [TOKEN, SECRET, COOKIE]) expect(everything).not.toContain(secret);
    expect(agent.requests.map(({ body }) => body).join()).not.toContain(SECRET);
  });
});

/** The classes of Nest. An instance of some of them leads to every provider of the application. */
const NEST_CLASSES = Object.values<unknown>(nest).filter((member): member is abstract new () => object => {
  return typeof member === 'function' && 'prototype' in member;
});

/** Returns whether a value is Nest's, or holds a value of Nest by name. */
function isNests(value: object): boolean {
  const held: unknown[] = isPlain(value) ? Object.values(value) : [];
  return [value, ...held].some((one) => NEST_CLASSES.some((type) => one instanceof type));
}

/** Options are plain objects. Parts read their values, so that only `inspect` can hide them. */
function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** Returns the JSON of a value; no text if it refers to itself. */
function jsonOf(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

describe.each(['forRoot', 'forRootAsync'] as const)('the providers in an app with %s', (make) => {
  const [, keyLine = ''] = SERVICE.key.split('\n');
  const agent = new ScriptedAgent({}, { ...AGENT, ca: CA, requestCert: true });
  let app: INestMicroservice;

  afterEach(async () => {
    await app.close();
    await agent.close();
  });

  it('show no secret while the service is registered', async () => {
    await agent.listen();
    const port = await freePort();
    const given = greeterOptions(port, {
      baseUrl: `https://127.0.0.1:${agent.port}`,
      app: { id: '1', name: 'a', env: 'e', version: 'v', secret: SECRET },
      headers: { authorization: `Bearer ${TOKEN}` },
      tls: { ca: CA, ...SERVICE, passphrase: COOKIE },
    });
    const module =
      make === 'forRoot'
        ? SidecarAgentModule.forRoot(given)
        : SidecarAgentModule.forRootAsync({ useFactory: () => given });
    app = await nest.NestFactory.createMicroservice<MicroserviceOptions>(
      { module: class {}, imports: [GreeterModule, module, SidecarAgentOtelModule.forRoot()] },
      { transport: Transport.GRPC, options: greeterGrpcOptions(port), logger: false, abortOnError: false },
    );
    await app.listen();
    await app.get(SidecarAgent).registered();

    const modules = [...app.get(nest.ModulesContainer).values()];
    const own = modules.filter(({ name }) => name.startsWith('SidecarAgent'));
    const wrappers = own.flatMap(({ providers }) => [...providers.values()]);
    const provided = wrappers.map(({ instance }) => instance as object);
    // What your own factory returns is yours: the module leaves it as it is.
    const checked = provided.filter((value) => value !== given && !isNests(value));
    expect(checked.length).toBeGreaterThan(20);
    for (const value of checked) {
      const shown = [inspect(value, { depth: Infinity, showHidden: true })];
      if (!isPlain(value)) shown.push(everythingOf(value), jsonOf(value));
      const leaked = [TOKEN, SECRET, COOKIE, keyLine].filter((secret) => shown.join().includes(secret));
      expect([value.constructor.name, ...leaked]).toEqual([value.constructor.name]);
    }
  });
});
