import { HttpSidecarClient } from '../agent/client/http-sidecar-client.js';
import type { DeregisterRequest, Dialect } from '../agent/protocol/dialect.js';
import { isUnknownInstance } from '../agent/protocol/unknown-instance.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { completeEndpoint } from '../options/agent-endpoint.js';
import { SystemClock } from '../support/timing/sidecar-clock.js';
import { CliError } from './cli.error.js';

/** The longest time for the call to the agent, in milliseconds. */
const REQUEST_TIMEOUT = 3_000;

/** An instance to deregister, and the agent that holds it. */
export interface Goodbye {
  readonly agent: { readonly baseUrl?: string; readonly socketPath?: string };
  readonly headers: Readonly<Record<string, string>>;
  /** The dialect of the agent; found out if absent. */
  readonly dialect?: Dialect;
  readonly request: DeregisterRequest;
}

/**
 * Deregisters an instance. An instance that the agent does not hold is deregistered already.
 *
 * @returns what to print
 * @throws {CliError} if the agent refuses or does not answer
 */
export async function sayGoodbye({ agent, headers, dialect, request }: Goodbye): Promise<string> {
  const settings = {
    endpoint: completeEndpoint({ ...agent, headers }),
    dialect: dialect ?? ('auto' as const),
    requestTimeout: REQUEST_TIMEOUT,
  };
  const client = new HttpSidecarClient(settings, new SystemClock());
  const service = `${request.serviceName} on port ${request.servicePort}`;
  try {
    await client.deregister(request);
    return `Deregistered ${service}`;
  } catch (thrown) {
    const error = SidecarAgentError.from(thrown);
    if (isUnknownInstance(error)) return `Nothing to deregister: the agent does not hold ${service}`;
    throw new CliError(`${service} is not deregistered: ${error.message}`, 1, { cause: error });
  } finally {
    await client.close();
  }
}
