import { Injectable } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import {
  type AgentEvent,
  type CallOptions,
  type DeregisterRequest,
  type DrainRequest,
  type ServiceNode,
  type SidecarAnswer,
  SidecarAgentModule,
  type SidecarAgentOptions,
  SidecarClient,
  SidecarClock,
  SidecarEventSource,
} from '../../lib/index.js';

declare const options: SidecarAgentOptions;

@Injectable()
class QuietClient extends SidecarClient {
  override register(node: ServiceNode): Promise<SidecarAnswer> {
    return Promise.resolve({ dialect: 'node', instanceId: node.app.instanceId });
  }

  override async drain(request: DrainRequest, call?: CallOptions): Promise<SidecarAnswer> {
    expectTypeOf(request.gracePeriod).toBeNumber();
    return Promise.resolve({ dialect: call?.dialect });
  }

  override deregister(_request: DeregisterRequest): Promise<SidecarAnswer> {
    return Promise.resolve({});
  }
}

class ClosingClient extends QuietClient {
  override async close(): Promise<void> {
    await super.close();
  }
}

class NodeOfTheMonth extends SidecarEventSource {
  override async watch(onEvent: (event: AgentEvent) => void, signal: AbortSignal): Promise<void> {
    onEvent({ type: 'connected', id: '', message: 'ok' });
    onEvent({ type: 'heartbeat', id: '2', message: '', agent: { ready: true } });
    // @ts-expect-error the end of a stream is the end of the promise, not an event
    onEvent({ type: 'disconnected', error: new Error('gone') });
    // @ts-expect-error an event has an id, though it may be empty
    onEvent({ type: 'connected', message: 'ok' });
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }
}

class StandingClock extends SidecarClock {
  override now = () => 0;
  override elapsed = () => 0;
  override random = () => 0;
  override after = (_milliseconds: number, _task: () => void) => () => {};
}

SidecarAgentModule.forRoot({
  ...options,
  providers: [
    { provide: SidecarClient, useClass: ClosingClient },
    { provide: SidecarEventSource, useValue: new NodeOfTheMonth() },
    { provide: SidecarClock, useFactory: () => new StandingClock() },
  ],
});

// @ts-expect-error register is needed
export class ClientWithoutRegister extends SidecarClient {
  override drain = () => Promise.resolve({});
  override deregister = () => Promise.resolve({});
}

// @ts-expect-error drain is needed
export class ClientWithoutDrain extends SidecarClient {
  override register = () => Promise.resolve({});
  override deregister = () => Promise.resolve({});
}

// @ts-expect-error deregister is needed
export class ClientWithoutDeregister extends SidecarClient {
  override register = () => Promise.resolve({});
  override drain = () => Promise.resolve({});
}

export class WrongClient extends QuietClient {
  // @ts-expect-error an answer is an object
  override register(): Promise<string> {
    return Promise.resolve('ok');
  }
}

export class WrongSource extends SidecarEventSource {
  // @ts-expect-error the watch ends, it does not return a stream
  override watch(): AgentEvent[] {
    return [];
  }
}

// @ts-expect-error it is abstract
new SidecarClient();
// @ts-expect-error it is abstract
new SidecarEventSource();

expectTypeOf(new StandingClock().sleep(1, new AbortController().signal)).toEqualTypeOf<Promise<void>>();
