import { describe, expect, it } from '@jest/globals';
import type { AgentEvent } from '../../../../lib/agent/protocol/connection-event.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { SidecarEventSource } from '../../../../lib/agent/watch/sidecar-event-source.js';
import { WatchService } from '../../../../lib/agent/watch/watch.service.js';

/** Sends an event when it is stopped. */
class LateSource extends SidecarEventSource {
  override watch(onEvent: (event: AgentEvent) => void, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        onEvent({ type: 'connected', id: '', message: 'too late' });
        resolve();
      });
    });
  }
}

describe('WatchService', () => {
  it('emits no event of a source that it has stopped', async () => {
    const bounds = { reconnectInterval: 1, maxReconnectInterval: 1 };
    const watch = new WatchService(new LateSource(), bounds, new SystemClock());
    const types: string[] = [];
    watch.events$.subscribe(({ type }) => types.push(type));
    watch.start();
    await Promise.resolve();
    watch.stop();
    expect(types).toEqual([]);
  });
});
