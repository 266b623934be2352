import type { AnsweredCall } from '../agent.calls.js';
import { type Check, NothingToJudge, broken, held, heldIf, remark } from '../check.js';
import type { DialectSession } from '../dialect.session.js';
import { describe, errorDialect, isAccepted } from '../reply.js';
import type { Dialect } from '../wire-bodies.js';

const OTHER: Readonly<Record<Dialect, Dialect>> = { node: 'flat', flat: 'node' };
const SHAPE: Readonly<Record<Dialect, string>> = { node: 'an envelope', flat: '{"error": …}' };

/** A service detects the dialect of its agent by this refusal. */
export const otherDialect: readonly Check<DialectSession>[] = [
  {
    title: 'a register in the other dialect is 400',
    promised: 'all',
    run: async (session) => {
      const { calls, dialect, stranger } = session;
      const reply = await calls.register(OTHER[dialect], stranger);
      if (isAccepted(reply)) {
        const gone = await calls.deregister(OTHER[dialect], stranger);
        session.speaksBoth = isAccepted(gone);
        const seen = `accepted (${describe(reply)}), and deregistered (${describe(gone)})`;
        // Not a failure: the agent understands every service.
        return session.speaksBoth ? remark('it speaks both dialects') : broken(seen);
      }
      if (reply.status !== 400) return broken(describe(reply));
      return heldIf(errorDialect(reply) === dialect, `${describe(reply)}, as ${shapeOf(reply)}`);
    },
  },
  {
    title: 'it has no effect',
    promised: 'all',
    run: async ({ calls, dialect, stranger, speaksBoth }) => {
      if (speaksBoth) return remark('it speaks both dialects');
      const reply = await calls.deregister(dialect, stranger);
      return heldIf(reply.status === 400, `deregister: ${describe(reply)}`);
    },
  },
];

/** Checks all refusals so far. */
export const refusalShape: Check<DialectSession> = {
  title: 'refusals are in its dialect',
  promised: 'all',
  run: ({ calls, dialect, speaksBoth }) => {
    const refusals = calls.answered.filter(({ reply }) => isRefusal(dialect, reply.status));
    if (refusals.length === 0) throw new NothingToJudge('nothing was refused');
    const wrong = refusals.find((call) => {
      const shape = errorDialect(call.reply);
      // An agent of both dialects may refuse a body that is not JSON in either.
      return speaksBoth && !isJson(call) ? shape === undefined : shape !== dialect;
    });
    if (!wrong) return held(`${refusals.length} refusals, each ${SHAPE[dialect]}`);
    return broken(`${wrong.path}: ${describe(wrong.reply)}, as ${shapeOf(wrong.reply)}`);
  },
};

/** Flat agents use their shape for 400 and 500, node agents for every status but 404 and 405. */
function isRefusal(dialect: Dialect, status: number): boolean {
  if (dialect === 'flat') return status === 400 || status === 500;
  return status >= 400 && status !== 404 && status !== 405;
}

function shapeOf(reply: AnsweredCall['reply']): string {
  const shape = errorDialect(reply);
  return shape === undefined ? 'the error shape of neither dialect' : SHAPE[shape];
}

function isJson({ body }: AnsweredCall): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
