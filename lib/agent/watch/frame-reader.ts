import type { EventSource } from 'eventsource';
import { lateRequire } from '../../support/late-require.js';
import type { WatchFrame } from '../protocol/watch-frame.js';

type OnFrame = (frame: WatchFrame) => void;

type Init = ConstructorParameters<typeof EventSource>[1];

interface FrameSource extends EventSource {
  onFrame?: OnFrame;
}

type FrameSourceClass = new (url: string, init: Init) => FrameSource;

const requirePackage = lateRequire('eventsource');

let frameSourceClass: FrameSourceClass | undefined;

/**
 * Loads the package `eventsource`, unless it is loaded: it would slow down the start of the app.
 */
export function loadFrameSource(): FrameSourceClass {
  if (frameSourceClass) return frameSourceClass;
  const { EventSource } = requirePackage('eventsource') as typeof import('eventsource');
  /** Gets every frame in `dispatchEvent`, since listeners get the events of one name alone. */
  frameSourceClass = class extends EventSource implements FrameSource {
    onFrame?: OnFrame;

    override dispatchEvent(event: Event): boolean {
      // The `open` and `error` events of the package have no data. Frames with these names have.
      if (isMessage(event)) this.onFrame?.({ event: event.type, data: event.data, id: event.lastEventId });
      return true;
    }
  };
  return frameSourceClass;
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
    const FrameSource = loadFrameSource();
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
