import { Controller, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ClientProxy,
  ClientProxyFactory,
  EventPattern,
  type MicroserviceOptions,
  MessagePattern,
  Transport,
} from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { firstValueFrom, map, type Observable, Subject, take, throwError } from 'rxjs';
import { SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { greeterOptions } from '../support/greeter-app.js';
import { GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { statusWhere } from '../support/status-where.js';
import { postedPaths } from '../support/posted-paths.js';

const released = new Subject<void>();
/** What the handlers of one event have done. */
const heard: string[] = [];

@Controller()
class MailController {
  @MessagePattern('write')
  async write(text: string): Promise<string> {
    await firstValueFrom(released);
    return `wrote ${text}`;
  }

  @MessagePattern('stream')
  stream(text: string): Observable<string> {
    return released.pipe(
      take(1),
      map(() => `streamed ${text}`),
    );
  }

  @MessagePattern('refuse')
  refuse(): Observable<never> {
    return throwError(() => new Error('no stamp'));
  }

  @EventPattern('sent')
  async sent(text: string): Promise<void> {
    await firstValueFrom(released);
    heard.push(`first ${text}`);
  }
}

@Controller()
class ArchiveController {
  @EventPattern('sent')
  sent(text: string): void {
    heard.push(`second ${text}`);
  }
}

describe.each(['grpc', 'http'] as const)(
  'messages of another transport, of a service with %s',
  (protocol) => {
    let agent: EmbeddedAgent;
    let app: INestApplication;
    let client: ClientProxy;
    let sidecar: SidecarAgent;

    beforeEach(async () => {
      heard.length = 0;
      agent = new EmbeddedAgent();
      await agent.start();
      const [grpcPort, port] = [await freePort(), await freePort()];
      const times = { gracePeriod: '1s', shutdownTimeout: '30s' };
      const options = greeterOptions(grpcPort, { baseUrl: agent.url, protocol, ...times });
      @Module({
        imports: [
          GreeterModule,
          SidecarAgentModule.forRoot(protocol === 'http' ? { ...options, grpc: undefined } : options),
        ],
        controllers: [MailController, ArchiveController],
      })
      class AppModule {}
      app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
      app.connectMicroservice<MicroserviceOptions>({
        transport: Transport.TCP,
        options: { host: '127.0.0.1', port },
      });
      if (protocol === 'grpc') {
        app.connectMicroservice<MicroserviceOptions>({
          transport: Transport.GRPC,
          options: greeterGrpcOptions(grpcPort),
        });
      }
      await app.startAllMicroservices();
      await app.listen(0, '127.0.0.1');
      client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
      sidecar = app.get(SidecarAgent);
      await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
    });

    afterEach(async () => {
      released.next();
      client.close();
      await app.close();
      await agent.stop();
    });

    const posts = () => postedPaths(agent.requests());

    it.each([
      ['write', 'wrote a letter'],
      ['stream', 'streamed a letter'],
    ])('are in flight until they are answered, and waited for (%s)', async (pattern, expected) => {
      const answer = firstValueFrom(client.send<string>(pattern, 'a letter'));
      await eventually(() => sidecar.status().inFlight === 1);
      const closed = app.close();
      await statusWhere(app, ({ state }) => state === 'Draining');
      await fetch(`${agent.url}/services`).catch(() => {});
      expect(posts()).toEqual(['/register', '/drain']);
      released.next();
      await expect(answer).resolves.toBe(expected);
      await closed;
      expect(posts()).toEqual(['/register', '/drain', '/deregister']);
      expect(sidecar.status().inFlight).toBe(0);
    });

    // Nest closes the server of messages after the HTTP server: until then new ones arrive.
    if (protocol === 'http')
      it('do not hold up the close beyond the grace period', async () => {
        client.send('write', 'a letter').subscribe({ error: () => {} });
        await eventually(() => sidecar.status().inFlight === 1);
        const began = performance.now();
        await app.close();
        expect(performance.now() - began).toBeLessThan(10_000);
      });

    it('are over if their handler fails', async () => {
      await expect(firstValueFrom(client.send('refuse', 1))).rejects.toBeDefined();
      await eventually(() => sidecar.status().inFlight === 0);
    });

    it('that are events reach each of their handlers, and are waited for', async () => {
      client.emit('sent', 'a letter');
      await eventually(() => sidecar.status().inFlight > 0 && heard.length === 1);
      expect(heard).toEqual(['second a letter']);
      const closed = app.close();
      await statusWhere(app, ({ state }) => state === 'Draining');
      await fetch(`${agent.url}/services`).catch(() => {});
      expect(posts()).toEqual(['/register', '/drain']);
      released.next();
      await closed;
      expect(heard).toEqual(['second a letter', 'first a letter']);
      expect(posts()).toEqual(['/register', '/drain', '/deregister']);
    });
  },
);
