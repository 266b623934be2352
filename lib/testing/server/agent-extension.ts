import type { ServerResponse } from 'node:http';

import type { AgentRequest } from '../agent-request.js';
import type { HttpAnswer } from '../wire/http-answer.js';

/** A request for a path of an extension, with its body parsed as JSON. */
export type ExtensionRequest = Pick<AgentRequest, 'method' | 'path' | 'headers' | 'body'>;

/** A fault that was scripted for one call: the status of its answer, or a delay of it. */
export interface StruckFault {
  readonly path: string;
  readonly status?: number;
  /** Milliseconds. */
  readonly delay?: number;
}

/**
 * What stands beside the API of an agent, for those who look at it. It cannot change what the agent
 * answers, and a stop or restart of the agent keeps it.
 */
export interface AgentExtension {
  /** The headers of all answers to its paths. */
  readonly headers: Readonly<Record<string, string>>;
  /** Returns whether requests for a path are for the extension. They are not logged. */
  owns(path: string): boolean;
  /** Answers a request for one of its paths. The agent has refused those of other web pages. */
  handle(request: ExtensionRequest, response: ServerResponse): void;
  /** Called when a call meets a fault that was scripted for it, before its answer. */
  struck(fault: StruckFault): void;
  /** Called when the agent has performed a call, or refused it, before it answers or waits. */
  performed(request: AgentRequest, answer: HttpAnswer): void;
  /** Called after each answer to a client, but for the streams that were opened. */
  answered(request: AgentRequest, answer: HttpAnswer): void;
  /** Called after each start and stop of the agent. */
  runningChanged(isRunning: boolean): void;
}
