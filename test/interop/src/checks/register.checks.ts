import { type Finding, type Topic, broken, held, heldIf, remark } from '../check.js';
import type { DialectSession } from '../dialect.session.js';
import { contentTypeOf, describe, instanceIdOf, isAccepted } from '../reply.js';

export const registerTopic: Topic<DialectSession> = {
  name: 'register',
  checks: [
    {
      title: 'a new service is answered 2xx',
      promised: 'all',
      run: async (session) => {
        const reply = await session.register();
        return heldIf(isAccepted(reply), describe(reply));
      },
    },
    {
      title: 'the content of the answer',
      promised: 'none',
      run: ({ registered }) => {
        const id = instanceIdOf(registered);
        return remark(
          `${contentTypeOf(registered)}, ${id === undefined ? 'no instance id' : `instance ${id}`}`,
        );
      },
    },
  ],
};

/** The same register again, as a service sends it after every reconnect. */
export const replayTopic: Topic<DialectSession> = {
  name: 'replay',
  checks: [
    { title: 'the same bytes again are answered 2xx', promised: 'all', run: (session) => replay(session) },
    { title: 'it is still the same instance', promised: 'all', run: (session) => sameInstance(session) },
    {
      title: 'a changed register is accepted',
      promised: 'none',
      run: async (session) => {
        session.requireRegistered();
        const { calls, dialect, draft } = session;
        const reply = await calls.register(dialect, { ...draft, weight: 50 });
        return remark(describe(reply));
      },
    },
    {
      title: 'one connection serves several calls',
      promised: 'none',
      run: async (session) => {
        session.requireRegistered();
        const { calls, dialect, draft } = session;
        const { isReused } = await calls.registerTwice(dialect, draft);
        return remark(isReused ? 'kept for the next call' : 'closed after each call');
      },
    },
  ],
};

export async function replay(session: DialectSession): Promise<Finding> {
  session.requireRegistered();
  const reply = await session.register();
  return heldIf(isAccepted(reply), describe(reply));
}

/** Cannot judge agents whose answers have no instance id. */
export async function sameInstance(session: DialectSession): Promise<Finding> {
  const before = instanceIdOf(session.registered);
  const after = instanceIdOf(await session.register());
  if (before === undefined || after === undefined) return remark('the answers have no instance id');
  return before === after ? held(after) : broken(`${before}, then ${after}`);
}
