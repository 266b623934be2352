import { EventSource } from 'eventsource';
import type { WatchFrame } from '../protocol/watch-frame.js';

type OnFrame = (frame: WatchFrame) => void;

/** Takes every frame in `dispatchEvent`: listeners would have to name the events they want. */
class FrameSource extends EventSource {
  onFrame?: OnFrame;

  override dispatchEvent(event: Event): boolean {
    // The package's own `open` and `error` events carry no data; frames that bear these names do.
    if (isMessage(event)) this.onFrame?.({ event: event.type, data: event.data, id: event.lastEventId });
    return true;
  }
}

/** A frame, whose data is text. */
type Message = Omit<MessageEvent, 'data'> & { readonly data: string };

function isMessage(event: Event): event is Message {
  return 'data' in event;
}

/**
 * Reads the frames of one event stream with the package `eventsource`, whose own connecting and reconnecting is left
 * out: its `fetch` is an answer that is already there, and it is closed with the stream.
 *
 * @param url the stream's address
 * @param chunks the body
 * @param onFrame takes each frame; what it throws ends the reading
 * @returns when the body has ended
 * @throws what the body failed with, or `onFrame` threw
 */
export function readFrames(url: string, chunks: AsyncIterator<Uint8Array>, onFrame: OnFrame): Promise<void> {
  return new Promise((resolve, reject) => {
    let ended = false;
    // Closed before the package learns of the end, it arms no reconnect timer.
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
    const source = new FrameSource(url, {
      fetch: () =>
        Promise.resolve({
          status: 200,
          url,
          redirected: false,
          headers: { get: () => 'text/event-stream' },
          body: { getReader: () => ({ read, cancel: () => Promise.resolve() }) },
        }),
    });
    source.onFrame = (frame) => {
      if (ended) return;
      try {
        onFrame(frame);
      } catch (thrown) {
        end(() => reject(thrown));
      }
    };
  });
}
