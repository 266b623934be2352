import { beforeEach, describe, expect, it } from '@jest/globals';

import type { RegisterCommand } from '../../lib/testing/wire/agent-command.js';
import { parseFlatRegister } from '../../lib/testing/wire/flat-requests.js';
import { InstanceRegistry } from '../../lib/testing/server/instance-registry.js';
import { parseNodeRegister } from '../../lib/testing/wire/node-requests.js';
import { flatRegister, nodeRegister } from './support/bodies.js';

describe('InstanceRegistry', () => {
  let now: number;
  let ids: number;
  let changes: string[];
  let registry: InstanceRegistry;

  beforeEach(() => {
    now = Date.parse('2026-11-21T20:00:00Z');
    ids = 0;
    changes = [];
    registry = new InstanceRegistry({
      now: () => new Date(now),
      newId: () => `id-${(ids += 1)}`,
      maxInstances: 10_000,
      onChange: ({ name, version, state }) => changes.push(`${name} ${version} ${state}`),
    });
  });

  const node = (change?: Parameters<typeof nodeRegister>[1]): RegisterCommand => {
    const body = nodeRegister(10500, change);
    return parseNodeRegister(body, JSON.stringify(body));
  };
  const flat = (change?: Parameters<typeof flatRegister>[1]): RegisterCommand => {
    const body = flatRegister(10500, change);
    return parseFlatRegister(body, JSON.stringify(body));
  };

  it('goes from Registered by Serving and Draining to Deregistered, and keeps the history', () => {
    const command = node();
    registry.register(command);
    now += 1;
    registry.serve(command.identity);
    now += 1;
    const draining = registry.drain({ identity: command.identity, subject: '', gracePeriod: 5_000 });
    expect(draining?.drainDeadline).toEqual(new Date(now + 5_000));
    now += 1;
    const gone = registry.deregister(command.identity);
    expect(gone?.drainDeadline).toBeUndefined();
    expect(gone?.history.map(({ state, at }) => [state, at.getTime() - now])).toEqual([
      ['Registered', -3],
      ['Serving', -2],
      ['Draining', -1],
      ['Deregistered', 0],
    ]);
    expect(changes).toEqual([
      'auth v1.3.4 Registered',
      'auth v1.3.4 Serving',
      'auth v1.3.4 Draining',
      'auth v1.3.4 Deregistered',
    ]);
  });

  describe('when a register is repeated byte for byte', () => {
    it('refreshes the instance and nothing else', () => {
      const first = registry.register(flat());
      now += 1_000;
      const second = registry.register(flat());
      expect(second).toMatchObject({
        instanceId: first.instanceId,
        replays: 1,
        registeredAt: first.registeredAt,
      });
      expect(second.updatedAt.getTime() - first.updatedAt.getTime()).toBe(1_000);
      expect(registry.snapshot()).toHaveLength(1);
      expect(changes).toEqual(['auth v1.3.4 Serving']);
    });

    it('keeps one that serves in rotation', () => {
      registry.register(node());
      registry.serve(node().identity);
      expect(registry.register(node()).state).toBe('Serving');
    });
  });

  describe('when a register differs', () => {
    it('puts a new instance in the place of the old one', () => {
      registry.register(flat());
      const second = registry.register(flat({ version: 'v2' }));
      expect(second).toMatchObject({ instanceId: 'id-2', version: 'v2', state: 'Serving', replays: 0 });
      expect(changes).toEqual(['auth v1.3.4 Serving', 'auth v1.3.4 Deregistered', 'auth v2 Serving']);
      expect(registry.snapshot().map(({ state }) => state)).toEqual(['Serving', 'Deregistered']);
    });

    it('compares the bytes, not their meaning', () => {
      registry.register(node());
      registry.register({ ...node(), rawBody: ` ${node().rawBody}` });
      expect(changes).toHaveLength(3);
    });

    it('is another instance if the identity differs', () => {
      registry.register(node());
      registry.register(node({ app: { instance_id: 'another' } }));
      registry.register(flat());
      registry.register(flat({ port: 10501 }));
      expect(registry.snapshot().map(({ state }) => state)).toEqual([
        'Registered',
        'Registered',
        'Serving',
        'Serving',
      ]);
    });
  });

  describe('when a draining instance registers', () => {
    it.each(['the same', 'another'])('stays as it is with %s body', (which) => {
      const { identity } = registry.register(node()) && node();
      registry.drain({ identity, subject: '', gracePeriod: 5_000 });
      now += 1;
      const answer = registry.register(which === 'the same' ? node() : node({ app: { version: 'v2' } }));
      expect(answer).toMatchObject({ state: 'Draining', version: 'v1.3.4', updatedAt: new Date(now) });
      expect(answer.drainDeadline).toBeDefined();
      registry.serve(identity);
      expect(registry.snapshot()).toMatchObject([{ state: 'Draining' }]);
    });

    it('becomes a new instance after a deregister', () => {
      const { identity } = registry.register(node()) && node();
      registry.drain({ identity, subject: '', gracePeriod: 5_000 });
      registry.deregister(identity);
      expect(registry.register(node())).toMatchObject({
        state: 'Registered',
        replays: 0,
        history: { length: 1 },
      });
      expect(registry.snapshot().map(({ state }) => state)).toEqual(['Registered', 'Deregistered']);
    });
  });

  it('gives a draining instance the deadline of a second drain, without a change of state', () => {
    const { identity } = registry.register(node()) && node();
    registry.drain({ identity, subject: '', gracePeriod: 5_000 });
    now += 1_000;
    const again = registry.drain({ identity, subject: '', gracePeriod: 5_000 });
    expect(again?.drainDeadline).toEqual(new Date(now + 5_000));
    expect(changes.filter((change) => change.endsWith('Draining'))).toHaveLength(1);
  });

  it('counts the grace period from the time of the drain', () => {
    const ticking = new InstanceRegistry({
      now: () => new Date((now += 1)),
      newId: () => 'id',
      maxInstances: 10_000,
      onChange: () => undefined,
    });
    ticking.register(node());
    const draining = ticking.drain({ identity: node().identity, subject: '', gracePeriod: 5_000 });
    expect(draining?.drainDeadline?.getTime()).toBe((draining?.updatedAt.getTime() ?? 0) + 5_000);
    expect(draining?.history.at(-1)?.at).toEqual(draining?.updatedAt);
  });

  it('returns undefined for an unknown instance', () => {
    expect(registry.drain({ identity: 'x', subject: '', gracePeriod: 1 })).toBeUndefined();
    expect(registry.deregister('x')).toBeUndefined();
    registry.serve('x');
    expect(changes).toEqual([]);
  });

  it('keeps the last thousand deregistered instances', () => {
    for (let i = 0; i < 1_005; i += 1) {
      registry.register(flat());
      registry.deregister(flat().identity);
    }
    expect(registry.snapshot()).toHaveLength(1_000);
    expect(registry.snapshot()[0]?.instanceId).toBe('id-1005');
  });

  it('returns snapshots that neither change nor can be changed', () => {
    const before = registry.register(node());
    registry.serve(node().identity);
    expect(before.state).toBe('Registered');
    expect(() => Object.assign(before, { state: 'Serving' })).toThrow(TypeError);
  });
});
