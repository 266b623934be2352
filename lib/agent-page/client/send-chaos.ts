import type { ChaosCommand } from '../view/chaos-command.js';

/** How long to wait for the answer, in milliseconds. */
const TIMEOUT = 10_000;

/** Asks the agent to fail. */
export type SendChaos = (command: ChaosCommand) => void;

/** What the agent did not do, and why. */
export interface ChaosFailure {
  readonly command: ChaosCommand;
  readonly text: string;
}

/** Sends a command; resolves with what went wrong, or `undefined`. */
export async function sendChaos(command: ChaosCommand): Promise<ChaosFailure | undefined> {
  try {
    const answer = await fetch('/page/chaos', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(command),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    return answer.ok ? undefined : { command, text: await answer.text() };
  } catch {
    return { command, text: 'The agent did not answer.' };
  }
}
