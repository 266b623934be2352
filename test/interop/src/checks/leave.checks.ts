import { type Topic, broken, held, heldIf, remark } from '../check.js';
import type { DialectSession } from '../dialect.session.js';
import { describe, drainDeadlineOf, isAccepted, stateOf } from '../reply.js';
import type { Json } from '../wire-bodies.js';

/** Out of rotation. */
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
      title: 'the state that it brings',
      promised: 'nobody',
      run: ({ drained }) => {
        const deadline = drainDeadlineOf(drained);
        return remark(
          `${stateOf(drained) ?? 'none is told'}${deadline === undefined ? '' : ` until ${deadline}`}`,
        );
      },
    },
    {
      title: 'a register while it drains',
      promised: 'nobody',
      run: async (session) => {
        void session.drained;
        const reply = await session.register();
        const stays = stateOf(reply) === 'Draining' ? ', out of rotation until it is deregistered' : '';
        return remark(describe(reply) + stays);
      },
    },
  ],
};

/** Out of the registry. */
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
      title: 'one of an unknown instance is answered 400',
      promised: 'all',
      run: async (session) => {
        session.requireGone();
        const reply = await session.calls.deregister(session.dialect, session.draft);
        return heldIf(reply.status === 400, describe(reply));
      },
    },
    {
      title: 'a drain of an unknown instance as well',
      promised: 'all',
      run: async (session) => {
        session.requireGone();
        const reply = await session.drain();
        return heldIf(reply.status === 400, describe(reply));
      },
    },
    {
      title: 'the service can come back',
      promised: 'all',
      run: async (session) => {
        session.requireGone();
        const reply = await session.register();
        // It would never be called.
        if (stateOf(reply) === 'Draining') return broken(`${describe(reply)}, from before`);
        return heldIf(isAccepted(reply), describe(reply));
      },
    },
  ],
};

/** Services of several library versions: what they send with drain and deregister, and what not. */
export const versionsTopic: Topic<DialectSession> = {
  name: 'versions',
  checks: [
    {
      title: 'leaving without service_name, service_port',
      promised: 'node',
      only: 'node',
      run: (session) => leave(session, { service_name: undefined, service_port: undefined }),
    },
    {
      title: 'leaving with a field that is unknown',
      promised: 'node',
      run: (session) => leave(session, { interop_unknown: { nested: [1, 'two'] } }),
    },
    {
      title: 'registering with a field that is unknown',
      promised: 'nobody',
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
