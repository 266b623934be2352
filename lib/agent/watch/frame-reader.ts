import type { EventSource } from 'eventsource';
import { requireEventSource } from '../../support/late-packages.cjs';
import type { WatchFrame } from '../protocol/watch-frame.js';

type OnFrame = (frame: WatchFrame) => void;

/**
 * Loads the package `eventsource`, unless it is loaded: it would slow down the start of the app.
 */
export function loadEventSource(): typeof EventSource {
  return (requireEventSource() as typeof import('eventsource')).EventSource;
}

/** A frame: its data is text. */
type Message = Omit<MessageEvent, 'data'> & { readonly data: string };

function isMessage(event: Event): event is Message {
  return 'data' in event;
}

/**
 * Reads the frames of one event stream with the parser of the package `eventsource`. The package
 * does not connect or reconnect here: its `fetch` returns an answer that is open already, and the
 * source is closed when the stream ends.
 *
 * @param url the address of the stream
 * @param chunks the body of the answer
 * @param onFrame gets each frame; if it throws, the reading ends
 * @returns a promise that resolves when the body has ended
 * @throws the error of the body, or what `onFrame` threw
 */
export function readFrames(url: string, chunks: AsyncIterator<Uint8Array>, onFrame: OnFrame): Promise<void> {
  return new Promise((resolve, reject) => {
    let ended = false;
    // The source is closed before it learns of the end, so that it sets no timer to reconnect.
    const end = (settle: () => void) => {
      ended = true;
      source.close();
      settle();
    };
    const read = async (): Promise<{ done: false; value: Uint8Array } | { done: true }> => {
      if (ended) return { done: true };
      try {
        const next = await chunks.next();
        if (!next.done) return { done: false, value: next.value };
        end(resolve);
      } catch (thrown) {
        end(() => reject(thrown));
      }
      return { done: true };
    };
    const Source = loadEventSource();
    const source = new Source(url, {
      fetch: () =>
        Promise.resolve({
          status: 200,
          url,
          redirected: false,
          headers: { get: () => 'text/event-stream' },
          body: { getReader: () => ({ read, cancel: () => Promise.resolve() }) },
        }),
    });
    // Listeners get the events of one name alone. The `open` and `error` events of the package have
    // no data; frames with these names have.
    source.dispatchEvent = (event) => {
      if (ended || !isMessage(event)) return true;
      try {
        onFrame({ event: event.type, data: event.data, id: event.lastEventId });
      } catch (thrown) {
        end(() => reject(thrown));
      }
      return true;
    };
  });
}
