import { useEffect, useState } from 'preact/hooks';
import { applyEvent, type PageEventMap, type PageState } from '../view/page-state.js';

/** What the page knows of the agent. */
export interface AgentConnection {
  /** `undefined` until the agent has sent it. While the agent is gone it is what it was. */
  readonly state: PageState | undefined;
  readonly isLive: boolean;
}

const EVENTS = ['snapshot', 'change', 'moment'] as const satisfies readonly (keyof PageEventMap)[];

/** How long to wait after an answer that is not a stream, in milliseconds. */
const RETRY_AFTER = 2_000;

/**
 * Follows the agent while the page can be seen: browsers open six connections to a host at most,
 * for all of its pages together.
 */
export function useAgent(): AgentConnection {
  const [connection, setConnection] = useState<AgentConnection>({ state: undefined, isLive: false });
  useEffect(() => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const close = () => {
      clearTimeout(retry);
      source?.close();
      source = undefined;
    };
    const open = () => {
      close();
      const opened = new EventSource('/page/events');
      source = opened;
      for (const event of EVENTS) {
        opened.addEventListener(event, ({ data }: MessageEvent<string>) => {
          const parsed = JSON.parse(data) as PageEventMap[typeof event];
          setConnection(({ state }) => ({ state: applyEvent(state, event, parsed), isLive: true }));
        });
      }
      opened.addEventListener('error', () => {
        setConnection(({ state }) => ({ state, isLive: false }));
        // The browser connects again by itself, unless the answer was not a stream.
        if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_AFTER);
      });
    };
    const follow = () => (document.hidden ? close() : open());
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close();
    };
  }, []);
  return connection;
}
