import type { Topic } from '../check.js';
import type { DialectSession } from '../dialect.session.js';
import { briefStream } from '../watch.session.js';
import { replay, sameInstance } from './register.checks.js';

/** The calls of a service that lost its stream, after all the invalid ones. */
export const reconnectTopic: Topic<DialectSession> = {
  name: 'reconnect',
  checks: [
    {
      title: 'a second stream begins with connected',
      promised: 'all',
      run: (session) => briefStream(session),
    },
    {
      title: 'a third stream begins with connected too',
      promised: 'all',
      run: (session) => briefStream(session),
    },
    { title: 'the replay after it is answered 2xx', promised: 'all', run: (session) => replay(session) },
    { title: 'it is still the same instance', promised: 'all', run: (session) => sameInstance(session) },
  ],
};
