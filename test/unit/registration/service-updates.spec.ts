import { describe, expect, it } from '@jest/globals';
import { SIDECAR_AGENT } from '../../../lib/agent/connection/agent-kind.js';
import { type NodeRegistration, ServiceUpdates } from '../../../lib/registration/service-updates.js';
import type { ServiceNode } from '../../../lib/service/service-node.js';
import { NODE } from '../fixtures/fixtures.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

const LOGIN = '/acme.auth.v1.AuthService/Login';
const REFRESH = '/acme.auth.v1.AuthService/Refresh';
const routeTo = (fullMethod: string) => ({ httpMethod: 'GET', path: '/route', fullMethod });

/** A service whose registration keeps what it is given. */
function service(buildNode: () => Promise<ServiceNode> = () => Promise.resolve(NODE)) {
  const clock = new ManualClock();
  const announced: ServiceNode[] = [];
  const updated: ServiceNode[] = [];
  const errors: string[] = [];
  let node: ServiceNode | undefined;
  const state = { isLeaving: false };
  const registration = {
    refuseLeaving: () => {
      if (state.isLeaving) throw new Error('not registered: the service is leaving the mesh');
    },
    get node() {
      return node;
    },
    announce: (given: ServiceNode) => {
      node = given;
      announced.push(given);
    },
    update: (given: ServiceNode) => {
      node = given;
      updated.push(given);
      return Promise.resolve();
    },
    recordError: ({ message }: Error) => void errors.push(message),
  } satisfies NodeRegistration;
  const updates = new ServiceUpdates(
    registration,
    buildNode,
    { protocol: 'grpc', kind: SIDECAR_AGENT },
    clock,
  );
  return { clock, announced, updated, errors, registration, state, updates };
}

describe('ServiceUpdates', () => {
  describe('start', () => {
    it('announces the node, built once for all calls', async () => {
      let built = 0;
      const { updates, announced } = service(() => {
        built += 1;
        return Promise.resolve(NODE);
      });
      await Promise.all([updates.start(), updates.start()]);
      await updates.start();
      expect(built).toBe(1);
      expect(announced).toEqual([NODE]);
    });

    it('can be tried again after a failure', async () => {
      const results = [Promise.reject(new Error('no methods yet')), Promise.resolve(NODE)];
      const { updates, announced } = service(() => results.shift() ?? Promise.resolve(NODE));
      await expect(updates.start()).rejects.toThrow('no methods yet');
      expect(announced).toEqual([]);
      await updates.start();
      expect(announced).toEqual([NODE]);
    });
  });

  it('refuses an update once the service leaves, with a node or without one', async () => {
    const { updates, state } = service();
    state.isLeaving = true;
    await expect(updates.update({ weight: 7 })).rejects.toThrow('not registered: the service is leaving');
    await updates.start();
    await expect(updates.update({ weight: 7 })).rejects.toThrow('not registered: the service is leaving');
  });

  describe('update before the start', () => {
    it('resolves at once, and is part of the first node; the last value counts', async () => {
      const { updates, announced, updated, clock } = service();
      await updates.update({ weight: 7 });
      await updates.update({ weight: 8, methods: [REFRESH] });
      await updates.start();
      await clock.advance(1_000);
      expect(announced).toMatchObject([{ service: { weight: 8 }, methods: [REFRESH] }]);
      expect(updated).toEqual([]);
    });

    it('is refused if it contradicts itself or an earlier one, which stays', async () => {
      const { updates, announced } = service();
      await updates.update({ methods: [LOGIN], weight: 7 });
      await expect(updates.update({ httpRoutes: [routeTo(REFRESH)] })).rejects.toThrow('is not registered');
      await updates.start();
      expect(announced).toMatchObject([{ service: { weight: 7 }, methods: [LOGIN], httpRoutes: [] }]);
    });

    it('is an error, and not part of the node, if it does not fit what the server serves', async () => {
      const { updates, announced, errors } = service();
      await updates.update({ weight: 7, httpRoutes: [routeTo(REFRESH)] });
      await updates.start();
      expect(errors).toEqual([expect.stringContaining('GET /route leads to')]);
      expect(announced).toEqual([NODE]);
    });
  });

  describe('update', () => {
    async function started() {
      const made = service();
      await made.updates.start();
      return made;
    }

    it('sends changes that come within 100 ms as one', async () => {
      const { updates, updated, clock } = await started();
      const first = watched(updates.update({ weight: 7 }));
      await clock.advance(99);
      const second = watched(updates.update({ weight: 8 }));
      const third = watched(updates.update({ methods: [LOGIN] }));
      expect(updated).toEqual([]);
      await clock.advance(1);
      expect(updated).toMatchObject([{ service: { weight: 8 }, methods: [LOGIN] }]);
      expect([first, second, third]).toMatchObject(Array(3).fill({ settled: true }));
    });

    it('sends a later change on its own', async () => {
      const { updates, updated, clock } = await started();
      void updates.update({ weight: 7 });
      await clock.advance(100);
      void updates.update({ methods: [LOGIN] });
      await clock.advance(100);
      expect(updated).toMatchObject([
        { service: { weight: 7 }, methods: NODE.methods },
        { service: { weight: 7 }, methods: [LOGIN] },
      ]);
    });

    it('is checked together with the changes that wait', async () => {
      const { updates, updated, clock } = await started();
      await expect(updates.update({ httpRoutes: [routeTo(REFRESH)] })).rejects.toThrow('is not registered');
      void updates.update({ methods: [REFRESH] });
      void updates.update({ httpRoutes: [routeTo(REFRESH)] });
      await clock.advance(100);
      expect(updated).toMatchObject([{ methods: [REFRESH], httpRoutes: [routeTo(REFRESH)] }]);
    });

    it('is refused alone if it is at fault', async () => {
      const { updates, updated, clock } = await started();
      void updates.update({ weight: 7 });
      await expect(updates.update({ weight: 0 })).rejects.toMatchObject({ kind: 'invalid_options' });
      await clock.advance(100);
      expect(updated).toMatchObject([{ service: { weight: 7 } }]);
    });

    it('fails for all calls that shared it if the registration refuses it', async () => {
      const { updates, registration, clock } = await started();
      registration.update = () => Promise.reject(new Error('leaving'));
      const ends = Promise.allSettled([updates.update({ weight: 7 }), updates.update({ weight: 8 })]);
      await clock.advance(100);
      expect(await ends).toMatchObject(Array(2).fill({ status: 'rejected', reason: { message: 'leaving' } }));
    });

    it('sends nothing if nothing changes', async () => {
      const { updates, updated, clock } = await started();
      await updates.update({});
      await updates.update({ weight: undefined });
      await clock.advance(1_000);
      expect(updated).toEqual([]);
    });
  });
});
