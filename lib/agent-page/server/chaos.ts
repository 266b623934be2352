import * as v from 'valibot';

import type { EmbeddedAgent } from '../../testing/embedded-agent.js';
import { counted } from '../../support/text/counted.js';
import { CHAOS_PATHS, type ChaosCommand } from '../view/chaos-command.js';

const path = v.picklist(CHAOS_PATHS);
const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

const commandSchema: v.GenericSchema<unknown, ChaosCommand> = v.variant('action', [
  v.object({ action: v.picklist(['drop-streams', 'silence', 'unsilence', 'restart']) }),
  v.object({ action: v.literal('fail-next'), path, status: whole(400, 599) }),
  v.object({ action: v.literal('delay-next'), path, milliseconds: whole(1, 60_000) }),
  v.object({ action: v.picklist(['lose', 'forget-routes']), service: v.pipe(v.string(), v.nonEmpty()) }),
]);

/** Reads a command of the page; returns what is wrong with it if it is none. */
export function readChaosCommand(body: unknown): ChaosCommand | string {
  const { issues, output } = v.safeParse(commandSchema, body);
  if (!issues) return output;
  return issues.map((issue) => `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`).join('; ');
}

/**
 * Lets the agent fail, unless the command is a restart: that ends the connection of the page, too.
 *
 * @returns what it did, in words
 * @throws {EmbeddedAgentError} if the agent holds no instance of a service to lose
 */
export function performChaos(agent: EmbeddedAgent, command: ChaosCommand): string {
  switch (command.action) {
    case 'drop-streams': {
      const streams = agent.watchers;
      agent.dropStreams();
      return `dropped ${counted(streams, 'event stream')}: services connect again and register`;
    }
    case 'silence':
      agent.silence();
      return 'silent: no heartbeats, so that services take the stream for dead after their idleTimeout';
    case 'unsilence':
      agent.unsilence();
      return 'heartbeats again';
    case 'fail-next':
      agent.failNext(command.path, { status: command.status });
      return `the next ${command.path} will be answered ${command.status}`;
    case 'delay-next':
      delayNext(agent, command.path, command.milliseconds);
      return `the next ${command.path} will be answered after ${command.milliseconds} ms`;
    case 'lose':
      agent.lose(command.service);
      return `lost ${command.service}: it is back with its next register, which the module repeats every reassertInterval (30s by default)`;
    case 'forget-routes': {
      const hadRoutes = agent.forgetRoutes(command.service);
      return hadRoutes
        ? `deleted the route document of ${command.service}: the next register publishes a new one`
        : `${command.service} has no route document`;
    }
    case 'restart':
      return 'restarting: the agent loses all registrations';
  }
}

/** Delays the answer to the next request alone: the agent itself delays all of them. */
function delayNext(agent: EmbeddedAgent, path: (typeof CHAOS_PATHS)[number], milliseconds: number): void {
  agent.slow(path, milliseconds);
  const onRequest = (request: { readonly path: string }) => {
    if (request.path !== path) return;
    agent.off('request', onRequest);
    // The agent looks at the delay when this request has been announced.
    queueMicrotask(() => agent.slow(path, 0));
  };
  agent.on('request', onRequest);
}
