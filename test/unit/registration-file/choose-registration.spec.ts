import { describe, expect, it } from '@jest/globals';
import {
  findLeftOver,
  findSuccessor,
  withoutRegistration,
  withRegistration,
} from '../../../lib/registration-file/choose-registration.js';
import type { KeptRegistration } from '../../../lib/registration-file/kept-registration.js';

const AGENT = { baseUrl: 'http://127.0.0.1:15010' };
const OTHER_AGENT = { baseUrl: 'http://127.0.0.1:15011' };

const DEAD = { pid: 7, started: 'a' };
const ALIVE = { pid: 8, started: 'b' };
const OWN = { pid: 9, started: 'c' };
const isAlive = ({ pid }: KeptRegistration['process']) => pid !== DEAD.pid;

function kept(
  process: KeptRegistration['process'],
  { id = 'i-1', port = 80, ...more }: Partial<KeptRegistration> & { id?: string; port?: number } = {},
): KeptRegistration {
  return {
    agent: AGENT,
    dialect: 'node',
    app: { id: '1', env: 'test', instanceId: id },
    service: { name: 'cart', namespace: 'default', port },
    process,
    ...more,
  };
}

describe('findLeftOver', () => {
  const starting = {
    agent: AGENT,
    app: { id: '1', env: 'test' },
    service: { name: 'cart', namespace: 'default', port: 80 },
  };

  it('finds what a dead process left of the same service', () => {
    expect(findLeftOver([kept(ALIVE), kept(DEAD)], starting, isAlive)).toEqual(kept(DEAD));
  });

  it('finds it on any port, if the system chooses the port and the agent knows instances by id', () => {
    const service = { name: 'cart', namespace: 'default' };
    const found = (left: KeptRegistration) => findLeftOver([left], { ...starting, service }, isAlive);
    expect(found(kept(DEAD, { port: 81 }))).toBeDefined();
    expect(found(kept(DEAD, { port: 81, dialect: 'flat' }))).toBeUndefined();
    expect(found(kept(DEAD, { port: 81, dialect: undefined }))).toBeUndefined();
  });

  it('finds that of the flat dialect on the same port', () => {
    expect(findLeftOver([kept(DEAD, { dialect: 'flat' })], starting, isAlive)).toBeDefined();
  });

  it.each([
    ['app', kept(DEAD, { app: { id: '2', env: 'test', instanceId: 'i-1' } })],
    ['environment', kept(DEAD, { app: { id: '1', env: 'prod', instanceId: 'i-1' } })],
    ['service', kept(DEAD, { service: { name: 'stock', namespace: 'default', port: 80 } })],
    ['namespace', kept(DEAD, { service: { name: 'cart', namespace: 'shop', port: 80 } })],
    ['port', kept(DEAD, { port: 81 })],
    ['process, which runs', kept(ALIVE)],
    ['agent', kept(DEAD, { agent: OTHER_AGENT })],
    ['socket of the agent', kept(DEAD, { agent: { baseUrl: AGENT.baseUrl, socketPath: '/run/a.sock' } })],
  ])('does not take that of another %s', (_, other) => {
    expect(findLeftOver([other], starting, isAlive)).toBeUndefined();
  });
});

describe('withRegistration', () => {
  it('replaces the earlier one of the same process', () => {
    expect(withRegistration([kept(OWN, { dialect: undefined })], kept(OWN), isAlive)).toEqual([kept(OWN)]);
  });

  it('replaces what a dead process left of the same instance', () => {
    expect(withRegistration([kept(DEAD)], kept(OWN), isAlive)).toEqual([kept(OWN)]);
  });

  it('keeps that of a process that runs', () => {
    expect(withRegistration([kept(ALIVE)], kept(OWN), isAlive)).toEqual([kept(ALIVE), kept(OWN)]);
  });

  it.each([
    ['node', { id: 'i-2' }, { port: 81 }],
    ['flat', { port: 81 }, { id: 'i-2' }],
  ] as const)('compares as agents of the dialect %s do', (dialect, other, same) => {
    const left = kept(DEAD, { dialect });
    expect(withRegistration([left], kept(OWN, other), isAlive)).toEqual([left, kept(OWN, other)]);
    expect(withRegistration([left], kept(OWN, same), isAlive)).toEqual([kept(OWN, same)]);
  });

  it.each(['node', 'flat'] as const)('keeps what a dead process left at another agent (%s)', (dialect) => {
    const left = kept(DEAD, { dialect, agent: OTHER_AGENT });
    expect(withRegistration([left], kept(OWN, { dialect }), isAlive)).toEqual([left, kept(OWN, { dialect })]);
  });

  it('keeps what differs in either way, if the dialect is not known', () => {
    const left = kept(DEAD, { dialect: undefined });
    for (const other of [{ id: 'i-2' }, { port: 81 }]) {
      expect(withRegistration([left], kept(OWN, other), isAlive)).toEqual([left, kept(OWN, other)]);
    }
    expect(withRegistration([left], kept(OWN), isAlive)).toEqual([kept(OWN)]);
  });
});

describe('findSuccessor', () => {
  it('finds a process that runs and serves the same instance', () => {
    const left = kept(DEAD, { dialect: 'flat' });
    expect(findSuccessor([left, kept(ALIVE, { id: 'i-2' })], left, isAlive)).toEqual(
      kept(ALIVE, { id: 'i-2' }),
    );
    expect(findSuccessor([kept(DEAD), kept(ALIVE, { id: 'i-2' })], kept(DEAD), isAlive)).toBeUndefined();
    const elsewhere = kept(ALIVE, { agent: OTHER_AGENT });
    expect(findSuccessor([kept(DEAD), elsewhere], kept(DEAD), isAlive)).toBeUndefined();
  });

  it('finds one at Consul by the id there', () => {
    const [left, same, other] = [DEAD, ALIVE, ALIVE].map((process, index) =>
      kept(process, { id: `i-${index}`, dialect: undefined, consulId: index < 2 ? 'cart-80' : 'cart-81' }),
    ) as [KeptRegistration, KeptRegistration, KeptRegistration];
    expect(findSuccessor([left, same], left, isAlive)).toEqual(same);
    expect(findSuccessor([left, other], left, isAlive)).toBeUndefined();
  });
});

describe('withoutRegistration', () => {
  it('keeps that of a process of another container with the same id and start', () => {
    const other = kept({ ...OWN, pidNamespace: 'pid:[1]' });
    const own = kept({ ...OWN, pidNamespace: 'pid:[2]' });
    expect(withoutRegistration([other, own], own)).toEqual([other]);
  });

  it('removes that of the same process alone', () => {
    expect(withoutRegistration([kept(ALIVE), kept(OWN), kept(DEAD)], kept(OWN))).toEqual([
      kept(ALIVE),
      kept(DEAD),
    ]);
  });
});
