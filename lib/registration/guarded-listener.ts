import type { Logger } from '@nestjs/common';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { runGuarded } from '../support/listeners/run-guarded.js';
import { restoringContext } from '../support/outside-callers.js';
import { describeThrown } from '../support/text/describe-thrown.js';

type Listener = (error: SidecarAgentError) => void;

/** Wraps the option `onError`: an error that it throws is logged and has no other effect. */
export function guardedListener(onError: Listener | undefined, logger: Logger): Listener {
  if (!onError) return () => {};
  return (error) => {
    runGuarded(
      () => restoringContext(() => onError(error)),
      (thrown) => logger.error('The option onError threw', describeThrown(thrown)),
    );
  };
}
