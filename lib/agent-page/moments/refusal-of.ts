import { isRecord } from '../../support/shape.js';
import type { AgentRequest } from '../../testing/agent-request.js';
import type { HttpAnswer, RefusalCause } from '../../testing/wire/http-answer.js';
import {
  type Advice,
  conflictAdvice,
  type FindRoutes,
  noMethodsAdvice,
  routeDifferences,
  routeKey,
} from '../routes/route-difference.js';
import { shortText } from '../../support/text/short-text.js';
import type { Refusal } from './agent-moment.js';
import { routesOf } from './call-subject.js';
import { LONGEST_NAME } from './short-moment.js';

/** The calls of services. What they get is a refusal if no instance comes of it, even with 200. */
const CALLS = new Set(['/register', '/drain', '/deregister']);

/** The longest reason that is shown. */
const LONGEST_REASON = 500;

const OTHER_DIALECT = advice(
  'With the dialect auto, the module repeats the call in the other dialect. With another one it cannot register here.',
);
const NOT_SENT: Advice = {
  meaning:
    'Agents of the dialect flat require at least one gRPC method, and this register has none. The module does not ' +
    'repeat it in the dialect flat; the log of the service says so.',
  remedies: [
    'A service of HTTP routes alone needs an agent of the dialect node: start this one with --dialect both or node.',
    ...noMethodsAdvice().remedies.slice(1),
  ],
};
const NOT_HELD = advice(
  'The agent does not hold the instance: it has restarted, or the instance is deregistered already.',
);
const LOST = advice(
  'The registry behind the agent has lost the instance. The module deregisters and registers it.',
);
const SCRIPTED = advice('The page or a test has asked for this answer. The module tries again.');

/**
 * Returns why an agent refused a request; `undefined` if it did what the request asked for.
 *
 * @param published finds what services have published, since an answer does not say it
 */
export function refusalOf(
  { method, path, body }: AgentRequest,
  answer: HttpAnswer,
  published: FindRoutes,
): Refusal | undefined {
  const isCall = CALLS.has(path);
  if (answer.status < 400 && (!isCall || answer.instance !== undefined)) return undefined;
  const reason = reasonOf(answer);
  const refusal = { method, path: shortText(path, LONGEST_NAME), status: answer.status, reason };
  if (answer.refusedBecause === 'other_dialect') {
    const [otherDialect = reason] = reason.split(':', 1);
    // The module knows that the dialect flat has no such register, and does not send it.
    if (isWithoutMethods(path, body, otherDialect))
      return { ...refusal, reason: otherDialect, advice: NOT_SENT, isFinal: true };
    return { ...refusal, reason: otherDialect, isProbe: true, advice: OTHER_DIALECT };
  }
  if (answer.refusedBecause === 'route_conflict') {
    const register = routesOf(body);
    const routes = published(routeKey(register));
    const differences = routes ? routeDifferences(routes, register) : [];
    return { ...refusal, advice: conflictAdvice(register), differences };
  }
  return { ...refusal, advice: adviceOn(answer.refusedBecause, reason) };
}

/** Reads the reason in the answer of either dialect, or in plain text. */
function reasonOf({ body }: HttpAnswer): string {
  const answer = parsed(body);
  const words = isRecord(answer) ? (answer.message ?? answer.error) : undefined;
  const reason = typeof words === 'string' ? words : body;
  return shortText(reason.trim(), LONGEST_REASON) || 'no reason given';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function adviceOn(cause: RefusalCause | undefined, reason: string): Advice | undefined {
  switch (cause) {
    case 'unknown_instance':
      return NOT_HELD;
    case 'lost_check':
      return LOST;
    case 'scripted':
      return SCRIPTED;
    default:
      return cause === 'invalid_field' && reason.includes('methods must not be empty')
        ? noMethodsAdvice()
        : undefined;
  }
}

function isWithoutMethods(path: string, body: unknown, reason: string): boolean {
  return path === '/register' && reason.endsWith('the flat one') && routesOf(body).methods.length === 0;
}

function advice(meaning: string): Advice {
  return { meaning, remedies: [] };
}
