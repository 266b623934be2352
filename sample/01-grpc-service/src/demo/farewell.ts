import type { AgentNarrator } from './agent.narrator.js';
import { complain, say } from './printer.js';
import type { ProcessEnd } from './service.process.js';
import { isStopSignal } from './stop.signal.js';

export interface FarewellFacts {
  /** Whether a signal asked this process and the service to end. */
  readonly asked: boolean;
  readonly agent: Pick<AgentNarrator, 'hasRegistered' | 'hasLeft'>;
}

/** Prints how the service ended, and returns the exit code. */
export function farewell(end: ProcessEnd, { asked, agent }: FarewellFacts): number {
  if (!asked || !wentWell(end)) {
    const held = agent.hasRegistered && !agent.hasLeft ? ', without drain and deregister' : '';
    complain(`The service has ended ${asked ? '' : 'by itself, '}${describe(end)}${held}`);
    return 1;
  }
  if (!agent.hasRegistered)
    say('demo', 'The service was not registered yet, so it did not drain and deregister. Bye');
  else if (!agent.hasLeft) say('demo', 'The service has shut down while the agent was not running. Bye');
  else say('demo', 'The service has deregistered and shut down, and the agent stops too. Bye');
  return 0;
}

/** A stop signal counts as a good end: before Nest has its handlers, it just ends the process. */
function wentWell({ code, signal }: ProcessEnd): boolean {
  return code === 0 || isStopSignal(signal);
}

function describe({ code, signal }: ProcessEnd): string {
  return signal === null ? `with exit code ${code}` : `killed by ${signal}`;
}
