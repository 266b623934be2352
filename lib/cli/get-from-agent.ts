import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { addressOption, agentAt, type AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import { headersOf } from '../agent/connection/agent-headers.js';
import { CliError } from './cli.error.js';

/** The longest time for the answer, in milliseconds. */
const TIMEOUT = 10_000;

/** The largest answer that is read, in bytes. */
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** An answer of the agent. */
export interface GotAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Sends a GET request to the agent.
 *
 * @param timeout the longest time for the answer, in milliseconds
 * @throws {CliError} if there is no answer in time
 * @throws {NodeJS.ErrnoException} if the connection fails
 */
export async function getFromAgent(
  endpoint: AgentEndpoint,
  path: string,
  timeout = TIMEOUT,
): Promise<GotAnswer> {
  const { origin, basePath, socketPath } = endpoint;
  const url = new URL(basePath + path, origin);
  const headers = { ...(await headersOf(endpoint).current()), accept: 'application/json' };
  const signal = AbortSignal.timeout(timeout);
  const options: RequestOptions = { headers, socketPath, agent: false, signal };
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? lateAnswer(endpoint, timeout) : error);
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > LARGEST_ANSWER) response.destroy(new Error('the answer is larger than 64 MiB'));
      });
      response.once('error', fail);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.once('error', fail);
    request.end();
  });
}

function lateAnswer(endpoint: AgentEndpoint, timeout: number): CliError {
  const late = `${agentAt(endpoint)} did not answer within ${timeout / 1_000} s`;
  return new CliError(`${late}: does an agent listen there? check ${addressOption(endpoint)}`, 1);
}
