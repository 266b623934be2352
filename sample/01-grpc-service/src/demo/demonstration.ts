import { setTimeout as delay } from 'node:timers/promises';
import type { AgentInstance, EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { login } from './auth.client.js';
import { type DemoSettings, SERVICE } from './demo.settings.js';
import { say } from './printer.js';
import { unlessAborted } from './stop.signal.js';

/** How long the service may take to register, in milliseconds: a busy machine boots slowly. */
const PATIENCE = 60_000;
/** How much later than the agent's lines those of the service may come, in milliseconds. */
const LINE_SKEW = 150;

/**
 * What there is to see of a service that stays: it registers, answers, and registers again with an agent that was restarted.
 *
 * @param over gives up what is going on, and rejects
 */
export async function demonstrate(
  agent: EmbeddedAgent,
  { grpcPort }: DemoSettings,
  over: AbortSignal,
): Promise<void> {
  await unlessAborted(over, serving(agent));
  const answer = await unlessAborted(over, login(grpcPort, 'ada', over));
  say('demo', `A gRPC call: Login { user: 'ada' } was answered ${JSON.stringify(answer)}`);
  say('demo', 'Restarting the agent: it comes back and knows nobody');
  await unlessAborted(over, agent.restart());
  await unlessAborted(over, serving(agent));
  say('demo', 'That was the demonstration. All of it stays up until you press Ctrl-C');
  say('demo', `Look at what the agent holds:  curl ${agent.url}/debug/services`);
}

async function serving(agent: EmbeddedAgent): Promise<void> {
  await agent.waitFor(() => agent.services().some(isServing), {
    timeout: PATIENCE,
    description: 'the service to register and serve',
  });
  // The service has yet to hear of it, and to say so: a reader wants cause before effect.
  await delay(LINE_SKEW, undefined, { ref: false });
}

function isServing({ name, state }: AgentInstance): boolean {
  return name === SERVICE && state === 'Serving';
}
