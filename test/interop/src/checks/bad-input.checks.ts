import type { Reply } from '../agent.http.js';
import { type Check, type Finding, type Topic, broken, held, heldIf, remark } from '../check.js';
import type { DialectSession } from '../dialect.session.js';
import { contentTypeOf, describe, isAccepted } from '../reply.js';
import { type Draft, wireBodies } from '../wire-bodies.js';
import { otherDialect, refusalShape } from './refusal.checks.js';

/** Requests that no service should send. */
export const badInputTopic: Topic<DialectSession> = {
  name: 'bad input',
  checks: [
    ...otherDialect,
    {
      title: 'broken JSON is refused',
      promised: 'all',
      run: async ({ calls, dialect, spare }) =>
        refused(
          await calls.post('/register', JSON.stringify(wireBodies[dialect].register(spare)).slice(0, -9)),
        ),
    },
    {
      title: 'an empty body is refused',
      promised: 'all',
      run: async ({ calls }) => refused(await calls.post('/register', '')),
    },
    spoilt('a missing field is refused (dns)', { dns: undefined }),
    spoilt('a blank field is refused (name)', { name: ' ' }),
    spoilt('port 0 is refused', { port: 0 }),
    spoilt('weight 0 is refused', { weight: 0 }),
    spoilt('a service without methods is refused', { methods: [] }),
    spoilt('a method without its slash is refused', { methods: ['interop.v1.EchoService/Ping'] }),
    {
      title: 'an invalid grace period is refused',
      promised: 'flat',
      run: (session) =>
        session.withSpare(async (spare) =>
          refused(await session.calls.drain(session.dialect, spare, 'soon')),
        ),
    },
    {
      title: 'a register of 128 KiB',
      promised: 'none',
      run: async (session) => {
        const reply = await session.tryRegister(session.spare, { interop_unknown: 'x'.repeat(128 * 1_024) });
        return remark(describe(reply));
      },
    },
    plainText('an unknown path is 404 in plain text', 'GET', '/interop-unknown', [404]),
    plainText('GET /register is 404 or 405 in plain text', 'GET', '/register', [404, 405]),
    plainText('POST /watch is 404 or 405 in plain text', 'POST', '/watch', [404, 405]),
    refusalShape,
  ],
};

/** A register with one invalid field. Only flat agents promise to refuse it. */
function spoilt(title: string, change: Partial<Draft>): Check<DialectSession> {
  return {
    title,
    promised: 'flat',
    run: async (session) => refused(await session.tryRegister({ ...session.spare, ...change })),
  };
}

/** The promise is only that the agent refuses: a status other than 400 is not a failure. */
function refused(reply: Reply): Finding {
  if (isAccepted(reply)) return broken(`accepted: ${describe(reply)}`);
  return reply.status === 400 ? held(describe(reply)) : remark(`${describe(reply)}; 400 is usual`);
}

function plainText(
  title: string,
  method: string,
  path: string,
  statuses: readonly number[],
): Check<DialectSession> {
  return {
    title,
    promised: 'flat',
    run: async ({ http }) => {
      const reply = await http.send(method, path, method === 'POST' ? '{}' : undefined);
      const isPlain = /^text\/plain\s*(;|$)/i.test(contentTypeOf(reply));
      return heldIf(statuses.includes(reply.status) && isPlain, `${reply.status} ${contentTypeOf(reply)}`);
    },
  };
}
