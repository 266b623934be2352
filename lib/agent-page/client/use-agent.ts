import { useEffect, useState } from 'preact/hooks';
import { applyEvent, type PageEventMap, type PageState } from '../view/page-state.js';

/** What the page knows of the agent. */
export interface AgentConnection {
  /** `undefined` until the agent has sent it. While the agent is gone it is what it was. */
  readonly state: PageState | undefined;
  readonly isLive: boolean;
}

const EVENTS = ['snapshot', 'change', 'moment'] as const satisfies readonly (keyof PageEventMap)[];

/** Follows the agent. The browser connects again by itself if the agent goes away. */
export function useAgent(): AgentConnection {
  const [connection, setConnection] = useState<AgentConnection>({ state: undefined, isLive: false });
  useEffect(() => {
    const source = new EventSource('/page/events');
    for (const event of EVENTS) {
      source.addEventListener(event, ({ data }: MessageEvent<string>) => {
        const parsed = JSON.parse(data) as PageEventMap[typeof event];
        setConnection(({ state }) => ({ state: applyEvent(state, event, parsed), isLive: true }));
      });
    }
    source.addEventListener('error', () => setConnection(({ state }) => ({ state, isLive: false })));
    return () => source.close();
  }, []);
  return connection;
}
