import type { Logger } from '@nestjs/common';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';

type Listener = (error: SidecarAgentError) => void;

/** Makes the user's `onError` harmless: what it throws is logged and goes no further. */
export function guardedListener(onError: Listener | undefined, logger: Logger): Listener {
  if (!onError) return () => {};
  return (error) => {
    try {
      // An async listener's rejection would be an unhandled one.
      Promise.resolve(onError(error) as unknown).catch(tell);
    } catch (thrown) {
      tell(thrown);
    }
  };

  function tell(thrown: unknown): void {
    logger.error('The option onError threw', thrown instanceof Error ? thrown.stack : String(thrown));
  }
}
