import { type Topic, heldIf } from '../check.js';
import { contentTypeOf } from '../reply.js';
import { wordsOf } from '../watch-event.js';
import type { WatchSession } from '../watch.session.js';

/** The start of a stream. */
export const watchTopic: Topic<WatchSession> = {
  name: 'watch',
  checks: [
    {
      title: 'GET /watch is answered 200',
      promised: 'all',
      run: async (session) => {
        const { statusCode } = (await session.open()).response;
        return heldIf(statusCode === 200, String(statusCode));
      },
    },
    {
      title: 'its content type is text/event-stream',
      promised: 'all',
      run: ({ stream }) => {
        const type = contentTypeOf(stream.response);
        return heldIf(/^text\/event-stream\s*(;|$)/i.test(type), type);
      },
    },
    {
      title: 'it uses HTTP/1.1',
      promised: 'all',
      run: ({ stream: { response } }) =>
        heldIf(response.httpVersion === '1.1', `HTTP/${response.httpVersion}`),
    },
    {
      title: 'the first event is connected, in time',
      promised: 'all',
      run: (session) => session.firstEvent(),
    },
    {
      title: 'the content of the connected event',
      promised: 'none',
      run: ({ connectedStream: { events } }) => {
        const frame = events[0]?.frame;
        return heldIf(true, frame ? wordsOf(frame) : '');
      },
    },
  ],
};
