import { HttpSidecarClient } from '../agent/client/http-sidecar-client.js';
import type { SidecarClient } from '../agent/client/sidecar-client.js';
import { addressOf } from '../agent/connection/agent-endpoint.js';
import { isAgentGone } from '../agent/connection/connection-failure.js';
import type { DeregisterRequest, Dialect } from '../agent/protocol/dialect.js';
import { isUnknownInstance } from '../agent/protocol/unknown-instance.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { completeEndpoint } from '../options/agent-endpoint.js';
import { counted } from '../support/text/counted.js';
import { holdProcessDuring } from '../support/timing/hold-process.js';
import { SystemClock } from '../support/timing/sidecar-clock.js';
import { ObservedWorkers } from '../workers/observed-workers.js';
import { CliError } from './cli.error.js';
import { consulEndpoint, deregisterAtConsul } from './deregister-at-consul.js';
import { commandsForIds } from './held-by-ids.js';

/** The longest time for the call to the agent, in milliseconds. */
const REQUEST_TIMEOUT = 3_000;

/** What to do if the agent does not know the instance in the dialect that was assumed. */
const OTHER_DIALECT = '. If it speaks the dialect node, give --app-id and --instance-id as well';

/** An instance to deregister, and the agent that holds it. */
export interface Goodbye {
  readonly agent: { readonly baseUrl?: string; readonly socketPath?: string };
  readonly headers: Readonly<Record<string, string>>;
  /** The dialect of the agent; found out if absent. */
  readonly dialect?: Dialect;
  /** The id of the instance at a Consul agent; absent at a sidecar-agent. */
  readonly consulId?: string;
  /** Whether the dialect is assumed, since only the name and the port are given. */
  readonly isAssumed?: boolean;
  /** What to add to the error if no agent listens at the address. */
  readonly adviceIfGone?: string;
  readonly request: DeregisterRequest;
}

/**
 * Deregisters an instance, unless other processes serve it as well: agents of the dialect flat know
 * an instance by its name and port. An instance that the agent does not hold is deregistered
 * already.
 *
 * @returns what to print
 * @throws {CliError} if the agent refuses or does not answer
 */
export function sayGoodbye(goodbye: Goodbye): Promise<string> {
  return holdProcessDuring(deregister(goodbye));
}

async function deregister(goodbye: Goodbye): Promise<string> {
  const { agent, headers, dialect, consulId, isAssumed, adviceIfGone = '', request } = goodbye;
  const clock = new SystemClock();
  const isConsul = consulId !== undefined;
  const endpoint = isConsul ? consulEndpoint({ ...agent, headers }) : completeEndpoint({ ...agent, headers });
  const { serviceName, servicePort, appInstanceId } = request;
  const service = `${serviceName} on port ${servicePort}`;
  const port = { agent: addressOf(endpoint), service: serviceName, port: servicePort };
  const workers = new ObservedWorkers(port, appInstanceId, clock);
  const others = await workers.count(isConsul || dialect === 'flat' ? 'on port' : 'of instance');
  if (others > 0) {
    return `Nothing to deregister: ${counted(others, 'process serves', 'processes serve')} ${service}`;
  }
  const settings = { endpoint, dialect: dialect ?? ('auto' as const), requestTimeout: REQUEST_TIMEOUT };
  const client: Pick<SidecarClient, 'deregister' | 'close'> = isConsul
    ? deregisterAtConsul(consulId, settings, clock)
    : new HttpSidecarClient(settings, clock);
  /** If the dialect was not known, or a process has come since, the deregister was theirs, too. */
  const recall = (spoken?: Dialect) => workers.recall(spoken === 'node' ? 'of instance' : 'on port');
  try {
    const answer = await client.deregister(request);
    const recalled = await recall(answer.dialect);
    const told = `, and told ${counted(recalled, 'process that serves it', 'processes that serve it')} to register again`;
    return `Deregistered ${service}${recalled > 0 ? told : ''}`;
  } catch (thrown) {
    const error = SidecarAgentError.from(thrown);
    if (isUnknownInstance(error)) {
      const commands = appInstanceId === '' ? await commandsForIds(endpoint, agent, request) : [];
      if (commands.length > 0) throw new CliError(knownByIds(service, commands), 1);
      return `Nothing to deregister: the agent does not hold ${service}${isAssumed ? OTHER_DIALECT : ''}`;
    }
    // A call without an answer may have reached the agent.
    await recall(dialect);
    const advice = isAgentGone(error) ? adviceIfGone : '';
    throw new CliError(`${service} is not deregistered: ${error.message}${advice}`, 1, { cause: error });
  } finally {
    await client.close();
  }
}

function knownByIds(service: string, commands: readonly string[]): string {
  const refusal = `${service} is not deregistered: the agent knows it by its app id and instance id`;
  return [`${refusal}. If its process has ended, run`, ...commands.map((line) => `  ${line}`)].join('\n');
}
