import type { Topic } from '../check.js';
import type { DialectSession } from '../dialect.session.js';
import { briefStream } from '../watch.session.js';
import { replay, sameInstance } from './register.checks.js';

/** What a service does after a lost stream, and whether the agent took harm from what went before. */
export const reconnectTopic: Topic<DialectSession> = {
  name: 'reconnect',
  checks: [
    {
      title: 'a second stream begins with connected',
      promised: 'all',
      run: (session) => briefStream(session),
    },
    { title: 'one opened after its end does too', promised: 'all', run: (session) => briefStream(session) },
    { title: 'the register after it is answered 2xx', promised: 'all', run: (session) => replay(session) },
    { title: 'it is still the same instance', promised: 'all', run: (session) => sameInstance(session) },
  ],
};
