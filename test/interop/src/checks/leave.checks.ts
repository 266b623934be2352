import { type Topic, broken, held, heldIf, remark } from '../check.js';
import type { DialectSession } from '../dialect.session.js';
import { describe, drainDeadlineOf, isAccepted, stateOf } from '../reply.js';
import type { Json } from '../wire-bodies.js';

export const drainTopic: Topic<DialectSession> = {
  name: 'drain',
  checks: [
    {
      title: 'a drain is answered 2xx',
      promised: 'all',
      run: async (session) => {
        session.requireRegistered();
        const reply = await session.drain();
        return heldIf(isAccepted(reply), describe(reply));
      },
    },
    {
      title: 'the state after the drain',
      promised: 'none',
      run: ({ drained }) => {
        const deadline = drainDeadlineOf(drained);
        return remark(
          `${stateOf(drained) ?? 'not in the answer'}${deadline === undefined ? '' : ` until ${deadline}`}`,
        );
      },
    },
    {
      title: 'a register during the drain',
      promised: 'none',
      run: async (session) => {
        void session.drained;
        const reply = await session.register();
        const stays = stateOf(reply) === 'Draining' ? ', until it is deregistered' : '';
        return remark(describe(reply) + stays);
      },
    },
  ],
};

export const deregisterTopic: Topic<DialectSession> = {
  name: 'deregister',
  checks: [
    {
      title: 'a deregister is answered 2xx',
      promised: 'all',
      run: async (session) => {
        session.requireRegistered();
        const reply = await session.deregister();
        return heldIf(isAccepted(reply), describe(reply));
      },
    },
    {
      title: 'a second deregister',
      promised: 'none',
      run: async (session) => {
        session.requireGone();
        return remark(describe(await session.calls.deregister(session.dialect, session.draft)));
      },
    },
    {
      title: 'a deregister of an unknown instance is 400',
      promised: 'all',
      run: async ({ calls, dialect, stranger }) => {
        const reply = await calls.deregister(dialect, stranger);
        return heldIf(reply.status === 400, describe(reply));
      },
    },
    {
      title: 'a drain of an unknown instance is 400',
      promised: 'all',
      run: async ({ calls, dialect, stranger }) => {
        const reply = await calls.drain(dialect, stranger);
        return heldIf(reply.status === 400, describe(reply));
      },
    },
    {
      title: 'the service can register again',
      promised: 'all',
      run: async (session) => {
        session.requireGone();
        const reply = await session.register();
        // It would never receive a call.
        if (stateOf(reply) === 'Draining') return broken(`${describe(reply)}, from the earlier drain`);
        return heldIf(isAccepted(reply), describe(reply));
      },
    },
  ],
};

/** The fields that other versions of the library add or leave out. */
export const versionsTopic: Topic<DialectSession> = {
  name: 'versions',
  checks: [
    {
      title: 'drain, deregister without service fields',
      promised: 'node',
      only: 'node',
      run: (session) => leave(session, { service_name: undefined, service_port: undefined }),
    },
    {
      title: 'drain, deregister with an unknown field',
      promised: 'node',
      run: (session) => leave(session, { interop_unknown: { nested: [1, 'two'] } }),
    },
    {
      title: 'a register with an unknown field',
      promised: 'none',
      run: async (session) =>
        remark(
          describe(await session.tryRegister(session.spare, { interop_unknown: { nested: [1, 'two'] } })),
        ),
    },
  ],
};

function leave(session: DialectSession, change: Json) {
  const { calls, dialect } = session;
  return session.withSpare(async (spare) => {
    const drained = await calls.drain(dialect, spare, '20s', change);
    const gone = await calls.deregister(dialect, spare, change);
    const seen = `drain ${describe(drained)}, deregister ${describe(gone)}`;
    return isAccepted(drained) && isAccepted(gone) ? held(seen) : broken(seen);
  });
}
