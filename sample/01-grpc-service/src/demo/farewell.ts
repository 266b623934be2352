import type { AgentNarrator } from './agent.narrator.js';
import { complain, say } from './printer.js';
import type { ProcessEnd } from './service.process.js';
import { isStopSignal } from './stop.signal.js';

export interface FarewellFacts {
  /** Whether this process was asked to end, and the service with it. */
  readonly asked: boolean;
  readonly agent: Pick<AgentNarrator, 'hasRegistered' | 'hasLeft'>;
}

/** Says how the service went; returns the exit code. */
export function farewell(end: ProcessEnd, { asked, agent }: FarewellFacts): number {
  if (!asked || !wentWell(end)) {
    const held = agent.hasRegistered && !agent.hasLeft ? '; the agent was not told, as after any crash' : '';
    complain(`The service has ended ${asked ? '' : 'by itself, '}${describe(end)}${held}`);
    return 1;
  }
  if (!agent.hasRegistered) say('demo', 'The service had not registered yet, so there was no goodbye. Bye');
  else if (!agent.hasLeft) say('demo', 'The service has left while the agent was away. Bye');
  else say('demo', 'The service has left, and the agent goes too. Bye');
  return 0;
}

/** Before Nest has its handlers, a signal just ends the process. */
function wentWell({ code, signal }: ProcessEnd): boolean {
  return code === 0 || isStopSignal(signal);
}

function describe({ code, signal }: ProcessEnd): string {
  return signal === null ? `with exit code ${code}` : `killed by ${signal}`;
}
