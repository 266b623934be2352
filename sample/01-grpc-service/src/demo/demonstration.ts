import { setTimeout as delay } from 'node:timers/promises';
import type { AgentInstance, EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { login } from './auth.client.js';
import { type DemoSettings, SERVICE } from './demo.settings.js';
import { say } from './printer.js';
import { unlessAborted } from './stop.signal.js';

/** The time limit for the register, in milliseconds: on a busy machine the start is slow. */
const REGISTER_LIMIT = 60_000;
/** The delay of the service's lines after those of the agent, in milliseconds. */
const LINE_SKEW = 150;

/**
 * Shows a service that registers, answers a call, and registers again after the agent restarted.
 *
 * @param over ends the demonstration with a rejection
 */
export async function demonstrate(
  agent: EmbeddedAgent,
  { grpcPort }: DemoSettings,
  over: AbortSignal,
): Promise<void> {
  await unlessAborted(over, serving(agent));
  const answer = await unlessAborted(over, login(grpcPort, 'ada', over));
  say('demo', `A gRPC call: Login { user: 'ada' } was answered ${JSON.stringify(answer)}`);
  say('demo', 'Restarting the agent: it loses all registrations');
  await unlessAborted(over, agent.restart());
  await unlessAborted(over, serving(agent));
  say('demo', 'End of the demonstration. Everything stays up until you press Ctrl-C');
  say('demo', `See the instances of the agent:  curl ${agent.url}/debug/services`);
}

async function serving(agent: EmbeddedAgent): Promise<void> {
  await agent.waitFor(() => agent.services().some(isServing), {
    timeout: REGISTER_LIMIT,
    description: 'the service to register and serve',
  });
  // Wait for the service to log the answer, so that the lines appear in a readable order.
  await delay(LINE_SKEW, undefined, { ref: false });
}

function isServing({ name, state }: AgentInstance): boolean {
  return name === SERVICE && state === 'Serving';
}
