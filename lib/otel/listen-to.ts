import { Logger } from '@nestjs/common';
import type { Channel } from 'node:diagnostics_channel';
import type { SidecarMessage } from '../channels/sidecar-messages.js';
import type { SidecarStatusService } from '../status/sidecar-status.service.js';
import { runGuarded } from '../support/listeners/run-guarded.js';
import { describeThrown } from '../support/text/describe-thrown.js';

/**
 * Handles the messages of one service on a channel. Logs what the SDK throws: on a channel it would
 * end the process.
 *
 * @returns unsubscribes
 */
export function listenTo<Message extends SidecarMessage>(
  channel: Channel<unknown, Message>,
  source: SidecarStatusService,
  handle: (message: Message) => void,
): () => void {
  const listener = (message: unknown) => {
    const sent = message as Message;
    if (sent.source === source) runGuarded(() => handle(sent), logThrown);
  };
  channel.subscribe(listener);
  return () => void channel.unsubscribe(listener);
}

function logThrown(thrown: unknown): void {
  new Logger('SidecarAgentOtel').error(
    'OpenTelemetry threw; the registration goes on',
    describeThrown(thrown),
  );
}
