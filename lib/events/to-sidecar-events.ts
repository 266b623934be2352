import type { DatedNews } from '../registration/news/news-teller.js';
import type { SidecarStatus } from '../status/sidecar-status.js';
import type { SidecarEvent } from './sidecar-event.js';

/** Returns the events for what happened to a registration; most news are one, some are none. */
export function toSidecarEvents(
  { news, at, state }: DatedNews,
  serviceName: string,
  status: SidecarStatus,
): readonly SidecarEvent[] {
  const fields = {
    at: new Date(at).toISOString(),
    serviceName,
    port: state.node?.serverPort ?? null,
    status,
  };
  switch (news.type) {
    case 'registered': {
      const { instanceId, dialect } = state;
      return [{ type: news.type, ...fields, instanceId, dialect }];
    }
    case 'connected':
      return [{ type: news.type, ...fields, agent: status.agent }];
    case 'disconnected': {
      const { error } = news;
      return [
        { type: news.type, ...fields, error },
        { type: 'error', ...fields, error },
      ];
    }
    case 'draining':
      return [{ type: news.type, ...fields, reason: news.reason }];
    case 'deregistered':
      return [{ type: news.type, ...fields, reason: news.reason }];
    case 'error':
      return [{ type: news.type, ...fields, error: news.error }];
    case 'started':
    case 'updated':
    case 'drained':
    case 'resumed':
    case 'stopped':
      return [];
  }
}
