import { ManualClock } from '../fixtures/manual-clock.js';
import { describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom, lastValueFrom, map, toArray } from 'rxjs';
import { InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { NO_FACTS, type RegistrationFacts } from '../../../lib/status/registration-facts.js';
import type { SidecarStatus } from '../../../lib/status/sidecar-status.js';
import { toSidecarStatus } from '../../../lib/status/to-sidecar-status.js';
import { SidecarStatusService } from '../../../lib/status/sidecar-status.service.js';
import { NO_WATCH_FACTS } from '../../../lib/status/watch-facts.js';
import { linesOf } from '../fixtures/kept-lines.js';

const CONNECTING: RegistrationFacts = { ...NO_FACTS, phase: 'connecting' };
const REGISTERED: RegistrationFacts = { ...NO_FACTS, phase: 'registered', connected: true, registered: true };

function statusService() {
  const calls = new InFlightCalls(new ManualClock());
  return { calls, service: new SidecarStatusService(NO_FACTS, calls) };
}

describe('SidecarStatusService', () => {
  describe('status()', () => {
    it('is the status of the facts published last', () => {
      const { service } = statusService();
      expect(service.status()).toEqual(toSidecarStatus(NO_FACTS, NO_WATCH_FACTS, 0));
      service.publish(CONNECTING);
      service.publish(REGISTERED);
      expect(service.status()).toMatchObject({ phase: 'registered', registered: true });
    });

    it('has the events of the watch beside them', () => {
      const { service } = statusService();
      const agent = { status: 'ready' };
      service.publish(REGISTERED);
      service.observe({ type: 'heartbeat', id: '7', message: '', agent }, 0);
      expect(service.status()).toMatchObject({
        registered: true,
        lastEventType: 'heartbeat',
        lastEventId: '7',
        lastEventAt: '1970-01-01T00:00:00.000Z',
        agent,
      });
    });

    it('is the same object as long as nothing has changed', () => {
      const { service, calls } = statusService();
      const first = service.status();
      expect(service.status()).toBe(first);
      calls.begin()();
      expect(service.status()).toBe(first);
      service.publish(REGISTERED);
      const second = service.status();
      expect(second).not.toBe(first);
      expect(service.status()).toBe(second);
      expect(first.phase).toBe('starting');
    });

    it('counts the calls in flight at the moment it is asked', () => {
      const { service, calls } = statusService();
      const idle = service.status();
      const end = calls.begin();
      const busy = service.status();
      expect(busy.inFlight).toBe(1);
      expect(service.status()).toBe(busy);
      end();
      expect(service.status()).toEqual(idle);
      expect(busy.inFlight).toBe(1);
    });

    it('is still there when the service has left', () => {
      const { service } = statusService();
      service.publish({ ...NO_FACTS, phase: 'stopped' });
      service.complete();
      expect(service.status().phase).toBe('stopped');
    });
  });

  describe('status$', () => {
    it('begins with the status now, and goes on with each change', () => {
      const { service } = statusService();
      service.publish(CONNECTING);
      const seen: SidecarStatus[] = [];
      service.status$.subscribe((status) => seen.push(status));
      service.publish(REGISTERED);
      expect(seen.map(({ phase }) => phase)).toEqual(['connecting', 'registered']);
      expect(seen[1]).toBe(service.status());
    });

    it('goes on with each event of the watch', () => {
      const { service } = statusService();
      const ids: unknown[] = [];
      service.status$.subscribe(({ lastEventId }) => ids.push(lastEventId));
      service.observe({ type: 'connected', id: '1', message: '' }, 0);
      service.observe({ type: 'heartbeat', id: '2', message: '' }, 5);
      expect(ids).toEqual([null, '1', '2']);
    });

    it('gives the same object to all subscribers', () => {
      const { service } = statusService();
      const seen: SidecarStatus[] = [];
      for (let count = 0; count < 3; count += 1) service.status$.subscribe((status) => seen.push(status));
      service.publish(REGISTERED);
      expect(new Set(seen.slice(3)).size).toBe(1);
    });

    it('completes when the service has left', async () => {
      const { service } = statusService();
      const phases = lastValueFrom(
        service.status$.pipe(
          map(({ phase }) => phase),
          toArray(),
        ),
      );
      service.publish(REGISTERED);
      service.complete();
      expect(await phases).toEqual(['starting', 'registered']);
    });

    it('can be waited on', async () => {
      const { service } = statusService();
      const registered = firstValueFrom(service.status$.pipe(filter((status) => status.registered)));
      service.publish(CONNECTING);
      service.publish(REGISTERED);
      expect((await registered).phase).toBe('registered');
    });

    it('goes on for itself and other subscribers if one throws', async () => {
      const { service } = statusService();
      const phases: string[] = [];
      const lines = await linesOf(() => {
        service.status$.subscribe(() => {
          throw new Error('boom');
        });
        service.status$.subscribe(({ phase }) => phases.push(phase));
        expect(() => service.publish(REGISTERED)).not.toThrow();
        service.complete();
      });
      expect(phases).toEqual(['starting', 'registered']);
      expect(lines).toHaveLength(2);
      expect(service.status().phase).toBe('registered');
    });
  });
});
