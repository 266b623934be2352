import { describe, expect, it } from '@jest/globals';
import { readHeldServices } from '../../../lib/cli/held-services.js';

const NOTHING = {
  name: '-',
  port: '-',
  state: '-',
  version: '-',
  weight: '-',
  methods: '-',
  routes: '-',
  instanceId: '-',
  appId: '-',
  dialect: '-',
};

describe('readHeldServices', () => {
  const instance = {
    name: 'auth',
    port: 10500,
    state: 'Serving',
    version: 'v1',
    weight: 100,
    methods: ['/a.A/B'],
  };
  const read = {
    ...NOTHING,
    name: 'auth',
    port: '10500',
    state: 'Serving',
    version: 'v1',
    weight: '100',
    methods: '1',
  };

  it.each([
    ['a list', [instance]],
    ['an object with services', { services: [instance] }],
    ['an object with data', { success: true, data: [instance] }],
  ])('reads %s', (_, answer) => {
    expect(readHeldServices(JSON.stringify(answer))).toEqual([read]);
  });

  it('reads the register inside of an instance, under what the instance says itself', () => {
    const inside = { request: { ...instance, state: 'no' }, state: 'Draining', instance_id: 'one' };
    expect(readHeldServices(JSON.stringify([inside]))).toEqual([
      { ...read, state: 'Draining', instanceId: 'one' },
    ]);
  });

  it('shows what it does not find, or cannot print, as - and ?', () => {
    expect(readHeldServices('[{"name":"a\\u001b[2J"},5,null]')).toEqual([
      { ...NOTHING, name: 'a?[2J' },
      NOTHING,
      NOTHING,
    ]);
  });

  it('leaves out the older records of an instance, and of no other one', () => {
    const gone = { state: 'Deregistered' };
    const node = { dialect: 'node', app_id: '1', instance_id: 'one' };
    const flat = { dialect: 'flat', app_id: '1', name: 'auth', port: 10500 };
    const list = [
      { ...gone, ...node },
      { state: 'Serving', ...node },
      { state: 'Serving', ...flat, instance_id: 'three' },
      { ...gone, ...flat, instance_id: 'two' },
      { ...gone, ...flat, instance_id: 'four', port: 10501 },
      { ...gone, name: 'billing', port: 1 },
      { ...gone, name: 'billing', port: 1 },
      { ...gone, ...node, app_id: '2' },
    ];
    const read = readHeldServices(JSON.stringify(list)) ?? [];
    expect(read.map(({ state, instanceId, name }) => `${state} ${name} ${instanceId}`)).toEqual([
      'Serving - one',
      'Serving auth three',
      'Deregistered auth four',
      'Deregistered billing -',
      'Deregistered - one',
    ]);
  });

  it.each(['', 'ok', '5', '{}', '{"services":{}}'])('finds no list in %j', (body) => {
    expect(readHeldServices(body)).toBeUndefined();
  });
});
