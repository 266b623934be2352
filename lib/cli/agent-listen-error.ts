import { messageOf } from '../support/text/describe-thrown.js';
import type { EmbeddedAgentError } from '../testing/embedded-agent.error.js';

/** Says why the command `agent` cannot listen, and what to do with its own options. */
export function listenFailure(error: EmbeddedAgentError, port: number): string {
  if (error.kind === 'port_in_use') {
    const advice = `Stop the process that listens there (another agent?), or choose another port, such as --port ${otherPort(port)}`;
    return `cannot listen on port ${port}: the port is taken. ${advice}`;
  }
  if (error.kind === 'listen_failed' && error.data.socketPath === undefined)
    return `cannot listen on port ${port}: ${messageOf(error.cause)}. Choose a port above 1023 with --port`;
  return asInCommands(error.message);
}

/** Errors of this tool begin with a small letter. */
export function asInCommands(message: string): string {
  return message.replace(/^Cannot /, 'cannot ');
}

function otherPort(port: number): number {
  return port < 65_535 ? port + 1 : port - 1;
}
