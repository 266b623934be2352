import * as v from 'valibot';

import type { AgentInstance } from '../../testing/agent-instance.js';
import type { EmbeddedAgent } from '../../testing/embedded-agent.js';
import { counted } from '../../support/text/counted.js';
import { routeKey } from '../routes/route-difference.js';
import { CHAOS_PATHS, type ChaosCommand } from '../view/chaos-command.js';
import type { ArmedFaults } from './armed-faults.js';

/** When a register comes that was not asked for. */
const REPEATED = 'which the module repeats every reassertInterval (30s by default)';

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

/** What {@link performChaos} works with. */
export interface ChaosContext {
  readonly agent: EmbeddedAgent;
  readonly armed: ArmedFaults;
  /** Tells what is done, in words: before its effects, which the agent tells itself. */
  readonly tell: (text: string) => void;
}

/**
 * Lets the agent fail, unless the command is a restart: that ends the connection of the page, too.
 *
 * @throws {EmbeddedAgentError} if the agent holds no instance of a service to lose
 */
export function performChaos({ agent, armed, tell }: ChaosContext, command: ChaosCommand): void {
  switch (command.action) {
    case 'drop-streams':
      tell(`dropped ${counted(agent.watchers, 'event stream')}: services connect again and register`);
      return agent.dropStreams();
    case 'silence':
      tell('silent: no heartbeats, so that services take the stream for dead after their idleTimeout');
      return agent.silence();
    case 'unsilence':
      tell('heartbeats again');
      return agent.unsilence();
    case 'fail-next':
      tell(`the next ${command.path} will be answered ${command.status}`);
      return armed.failNext(command.path, command.status);
    case 'delay-next':
      tell(`the next ${command.path} will be answered after ${command.milliseconds / 1_000} s`);
      return armed.delayNext(command.path, command.milliseconds);
    case 'lose': {
      const text = lostText(agent, command.service);
      if (text !== undefined) tell(text);
      return agent.lose(command.service);
    }
    case 'forget-routes': {
      const hadRoutes = agent.forgetRoutes(command.service);
      return tell(
        hadRoutes
          ? `deleted the route document of ${command.service}: the next register publishes a new one`
          : `${command.service} has no route document`,
      );
    }
    case 'restart':
      return tell('restarting: the agent loses all registrations');
  }
}

/** Returns what the loss of a service leads to; `undefined` if the agent does not hold it. */
function lostText(agent: EmbeddedAgent, service: string): string | undefined {
  const held = agent.services().filter(({ name, state }) => name === service && state !== 'Deregistered');
  if (held.length === 0) return undefined;
  const hasRoutes = held.some((instance) => agent.routeDocument(routeKey(instance)) !== undefined);
  const lost = `lost ${service}${hasRoutes ? ' and its route document' : ''}`;
  const isFlat = ({ dialect }: AgentInstance) => dialect === 'flat';
  const flat = `this agent still shows it, and refuses its next register, ${REPEATED}. The module then deregisters it and registers it anew`;
  const node = `it is back with its next register, ${REPEATED}`;
  if (held.every(isFlat)) return `${lost}: ${flat}`;
  return `${lost}: ${node}${held.some(isFlat) ? `. In the dialect flat, ${flat}` : ''}`;
}
