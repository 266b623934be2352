import { expectTypeOf } from 'expect-type';
import {
  type AgentInstance,
  type AgentInstanceState,
  type AgentRequest,
  type AgentWatchChange,
  EmbeddedAgent,
  type EmbeddedAgentError,
  type EmbeddedAgentErrorKind,
  type EmbeddedAgentOptions,
} from '../../lib/testing/index.js';

new EmbeddedAgent();
new EmbeddedAgent({
  port: 15010,
  host: '::1',
  dialect: 'flat',
  watchStyle: 'plain',
  heartbeatInterval: 50,
  probe: 5,
  routeConflicts: false,
  maxInstances: 100,
  maxStreams: 100,
  hosts: ['sidecar-agent'],
});
expectTypeOf<EmbeddedAgentOptions>().toEqualTypeOf<Partial<EmbeddedAgentOptions>>();
expectTypeOf<NonNullable<EmbeddedAgentOptions['dialect']>>().toEqualTypeOf<'node' | 'flat' | 'both'>();

// @ts-expect-error there is no such dialect
new EmbeddedAgent({ dialect: 'auto' });
// @ts-expect-error there is no such option
new EmbeddedAgent({ url: 'http://127.0.0.1:15010' });

export async function useEmbeddedAgent(agent: EmbeddedAgent): Promise<void> {
  expectTypeOf(agent.start()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(agent.stop()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(agent.restart()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(agent.url).toBeString();
  expectTypeOf(agent.port).toBeNumber();
  expectTypeOf(agent.watchers).toBeNumber();
  expectTypeOf(agent.services()).toEqualTypeOf<readonly AgentInstance[]>();
  expectTypeOf(agent.requests()).toEqualTypeOf<readonly AgentRequest[]>();

  // waitFor: what the predicate returns, without what is falsy
  const instance = await agent.waitFor(() => agent.services().find(({ state }) => state === 'Serving'));
  expectTypeOf(instance).toEqualTypeOf<AgentInstance>();
  expectTypeOf(instance.state).toEqualTypeOf<AgentInstanceState>();
  expectTypeOf(await agent.waitFor((own) => own.watchers > 0)).toEqualTypeOf<true>();
  expectTypeOf(await agent.waitFor((own) => own.url, { timeout: 1_000 })).toEqualTypeOf<string>();
  // @ts-expect-error a time limit is milliseconds
  await agent.waitFor(() => true, { timeout: '1s' });

  // on and off: what is told depends on the event
  agent
    .on('request', (request) => expectTypeOf(request).toEqualTypeOf<AgentRequest>())
    .on('answer', (request) => expectTypeOf(request).toEqualTypeOf<AgentRequest>())
    .on('instance', (each) => expectTypeOf(each).toEqualTypeOf<AgentInstance>())
    .on('watch', (change) => expectTypeOf(change).toEqualTypeOf<AgentWatchChange>());
  // @ts-expect-error there is no such event
  agent.on('register', () => {});
  // @ts-expect-error an instance is no request
  agent.off('instance', (request: AgentRequest) => request);

  // Faults
  agent.failNext('/register', { status: 500 });
  agent.failNext('/drain', { status: 200, body: { success: false }, times: 3, headers: { a: 'b' } });
  agent.hang('/deregister');
  agent.resume('/deregister');
  agent.slow('/register', 1_400);
  agent.lose('auth');
  agent.lose('auth', { curable: false });
  expectTypeOf(agent.forgetRoutes('auth')).toBeBoolean();
  agent.dropStreams();
  agent.writeToStreams(': comment\n');
  agent.silence();
  agent.unsilence();
  // @ts-expect-error an answer has a status
  agent.failNext('/register', {});
  // @ts-expect-error there is no such path
  agent.hang('/status');
  // @ts-expect-error a delay is milliseconds
  agent.slow('/register', '1s');
}

export function kindOf(error: EmbeddedAgentError): EmbeddedAgentErrorKind {
  expectTypeOf(error).toExtend<Error>();
  return error.kind;
}
