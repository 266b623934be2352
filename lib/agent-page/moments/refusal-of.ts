import { isRecord } from '../../support/shape.js';
import type { AgentRequest } from '../../testing/agent-request.js';
import type { HttpAnswer } from '../../testing/wire/http-answer.js';
import { type Advice, conflictAdvice, noMethodsAdvice } from '../routes/route-difference.js';
import type { RouteMemory } from '../routes/route-memory.js';
import type { Refusal } from './agent-moment.js';
import { routesOf } from './call-subject.js';

/** The calls of services. What they get is a refusal if no instance comes of it, even with 200. */
const CALLS = new Set(['/register', '/drain', '/deregister']);

/** The longest reason that is shown. */
const LONGEST_REASON = 500;

const OTHER_DIALECT = advice(
  'With the dialect auto, the module repeats the call in the other dialect. With another one it cannot register here.',
);
const NOT_HELD = advice(
  'The agent does not hold the instance: it has restarted, or the instance is deregistered already.',
);
const LOST = advice(
  'The registry behind the agent has lost the instance. The module deregisters and registers it.',
);
const SCRIPTED = advice('The page or a test has asked for this answer. The module tries again.');

/** Returns why an agent refused a request; `undefined` if it did what the request asked for. */
export function refusalOf(
  { method, path, body }: AgentRequest,
  answer: HttpAnswer,
  memory: RouteMemory,
): Refusal | undefined {
  const isCall = CALLS.has(path);
  if (answer.status < 400 && (!isCall || answer.instance !== undefined)) return undefined;
  const reason = reasonOf(answer);
  const refusal = { method, path, status: answer.status, reason };
  const [otherDialect] = /^the body speaks the \w+ dialect and this agent the \w+ one/.exec(reason) ?? [];
  if (otherDialect !== undefined) {
    return { ...refusal, reason: otherDialect, isProbe: true, advice: OTHER_DIALECT };
  }
  if (path === '/register' && reason === 'route document conflict') {
    const register = routesOf(body);
    return { ...refusal, advice: conflictAdvice(register), differences: memory.differencesOf(register) };
  }
  return { ...refusal, advice: adviceOn(path, reason) };
}

/** Reads the reason in the answer of either dialect, or in plain text. */
function reasonOf({ body }: HttpAnswer): string {
  const answer = parsed(body);
  const words = isRecord(answer) ? (answer.message ?? answer.error) : undefined;
  const reason = typeof words === 'string' ? words : body;
  return reason.trim().slice(0, LONGEST_REASON) || 'no reason given';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function adviceOn(path: string, reason: string): Advice | undefined {
  if (/^local service not found/.test(reason)) return NOT_HELD;
  if (/CheckID|check ID|service ID|No service registered/.test(reason)) return LOST;
  if (/methods must not be empty/.test(reason)) return noMethodsAdvice();
  return path === '/register' && reason.startsWith('scripted answer') ? SCRIPTED : undefined;
}

function advice(meaning: string): Advice {
  return { meaning, remedies: [] };
}
