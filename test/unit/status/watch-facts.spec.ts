import { describe, expect, it } from '@jest/globals';
import { WatchError } from '../../../lib/errors/watch.error.js';
import { withEvent, NO_WATCH_FACTS } from '../../../lib/status/watch-facts.js';

const AT = Date.UTC(2026, 10, 21, 20, 5, 29);
const agent = { service: 'sidecar-agent', status: 'ready', lifecycleState: 'running', ready: true };
const connected = { type: 'connected', id: '1', message: '', agent } as const;

describe('withEvent', () => {
  it('keeps an event, and what the agent says of itself', () => {
    expect(withEvent(NO_WATCH_FACTS, connected, AT)).toEqual({
      lastEventType: 'connected',
      lastEventId: '1',
      lastEventAt: AT,
      agent,
    });
  });

  it('keeps the id and the agent of the last event that had any', () => {
    const before = withEvent(NO_WATCH_FACTS, connected, AT);
    const next = withEvent(before, { type: 'heartbeat', id: '', message: '' }, AT + 5);
    expect(next).toEqual({ lastEventType: 'heartbeat', lastEventId: '1', lastEventAt: AT + 5, agent });
  });

  it('keeps them when the stream is lost', () => {
    const error = new WatchError('watch_stream_closed', 'gone');
    const next = withEvent(withEvent(NO_WATCH_FACTS, connected, AT), { type: 'disconnected', error }, AT + 9);
    expect(next).toEqual({ lastEventType: 'disconnected', lastEventId: '1', lastEventAt: AT + 9, agent });
  });
});
