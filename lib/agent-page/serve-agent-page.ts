import type { EmbeddedAgent } from '../testing/embedded-agent.js';
import type { AgentPageOptions } from './agent-page-options.js';

/**
 * Serves a page at `/` of an agent, which shows its instances, streams and refusals as they change.
 * The command `nestjs-sidecar-agent agent` has it; call this in a script of your own. Requests of
 * the page are not in {@link EmbeddedAgent.requests}. The files of the page are loaded by the call.
 *
 * @param agent an agent, started or not, without a page
 * @throws {@link EmbeddedAgentError} `invalid_options`, as a rejection, if the agent has a page
 * @example
 * ```ts
 * const agent = new EmbeddedAgent({ port: 15010 });
 * await serveAgentPage(agent);
 * await agent.start();
 * console.log(`the page is at ${agent.url}/`);
 * ```
 */
export async function serveAgentPage(agent: EmbeddedAgent, options: AgentPageOptions = {}): Promise<void> {
  const { AgentPage } = await import('./server/agent-page.js');
  new AgentPage(agent, options);
}
