import { messageOf } from '../support/text/describe-thrown.js';

/** grpc-js says the second if the port is taken on every address of a name. */
const PORT_TAKEN = /EADDRINUSE|No address added/;

/** Says why a server failed to listen, and what to do if its port is taken. */
export function describeListenFailure(failure: unknown): string {
  const reason = messageOf(failure);
  if (!PORT_TAKEN.test(reason)) return reason;
  return (
    `${reason}. If that is this service itself, which is still leaving after a reload, leave at once in ` +
    "development: gracePeriod: process.env.NODE_ENV === 'development' ? 0 : '20s', and start it with " +
    'NODE_ENV=development'
  );
}
