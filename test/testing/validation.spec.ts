import { describe, expect, it } from '@jest/globals';

import {
  parseFlatDeregister,
  parseFlatDrain,
  parseFlatRegister,
} from '../../lib/testing/wire/flat-requests.js';
import {
  parseNodeDeregister,
  parseNodeDrain,
  parseNodeRegister,
} from '../../lib/testing/wire/node-requests.js';
import { RefusedRequestError } from '../../lib/testing/wire/refused-request.error.js';
import { flatRegister, nodeLeave, nodeRegister } from './support/bodies.js';

function refusalOf(parse: () => unknown): { kind: string; faults: readonly string[] } {
  try {
    parse();
  } catch (error) {
    if (error instanceof RefusedRequestError) return { kind: error.kind, faults: error.data.faults };
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('validation of a node register', () => {
  const refused = (change: Parameters<typeof nodeRegister>[1]) =>
    refusalOf(() => parseNodeRegister(nodeRegister(10500, change), ''));

  it('reads what it needs', () => {
    const command = parseNodeRegister(nodeRegister(10500), 'raw');
    expect(command).toMatchObject({
      rawBody: 'raw',
      instanceId: '0197f3a2-0000-7000-8000-000000000001',
      description: {
        dialect: 'node',
        appId: '10001',
        name: 'auth',
        port: 10500,
        servicePort: 9090,
        weight: 100,
      },
    });
  });

  it.each(['id', 'env', 'name', 'version', 'instance_id'])('demands app.%s', (field) => {
    expect(refused({ app: { [field]: ' ' } }).faults).toEqual([`app.${field} is required`]);
    expect(refused({ app: { [field]: undefined } }).faults).toEqual([`app.${field} is required`]);
    expect(refused({ app: { [field]: null } }).faults).toEqual([`app.${field} is required`]);
  });

  it.each(['name', 'type', 'namespace', 'cluster_domain'])('demands service.%s', (field) => {
    expect(refused({ service: { [field]: '' } }).faults).toEqual([`service.${field} is required`]);
  });

  it.each(['protocol', 'dns'])('demands %s', (field) => {
    expect(refused({ [field]: '' }).faults).toContain(`${field} is required`);
  });

  it.each(['hunter2', ' '])('refuses the secret %j and does not repeat it', (secret) => {
    const { kind, faults } = refused({ app: { secret } });
    expect(kind).toBe('invalid_field');
    expect(faults).toEqual([expect.stringContaining('app.secret must be the empty string')]);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('refuses a secret that is not a string', () => {
    expect(refused({ app: { secret: 42 } })).toEqual({
      kind: 'invalid_json',
      faults: ['app.secret must be a string'],
    });
  });

  it.each([0, -1, 65_536])('refuses port %d', (port) => {
    expect(refused({ service: { port } }).faults).toEqual([`service.port is invalid: ${port}`]);
    expect(refused({ server_port: port }).faults).toEqual([`server_port is invalid: ${port}`]);
  });

  it('takes a management port from 0 to 65535', () => {
    expect(() => parseNodeRegister(nodeRegister(10500, { managed_port: 0 }), '')).not.toThrow();
    expect(() => parseNodeRegister(nodeRegister(10500, { managed_port: 65_535 }), '')).not.toThrow();
    expect(refused({ managed_port: 65_536 }).faults).toEqual(['managed_port is invalid: 65536']);
    expect(refused({ managed_port: -1 }).faults).toEqual(['managed_port is invalid: -1']);
  });

  it.each([0, -1, undefined])('refuses the weight %p', (weight) => {
    expect(refused({ service: { weight } }).faults).toEqual(['service.weight must be greater than zero']);
  });

  it('demands methods of gRPC, each with a leading slash', () => {
    expect(refused({ methods: [] }).faults).toEqual(['methods must not be empty']);
    expect(refused({ methods: undefined }).faults).toEqual(['methods must not be empty']);
    expect(refused({ methods: ['acme/Login'] }).faults).toEqual([expect.stringContaining('"acme/Login"')]);
  });

  it('does not demand a method of HTTP', () => {
    const body = nodeRegister(10500, { protocol: 'http', methods: [] });
    expect(parseNodeRegister(body, '').description.methods).toEqual([]);
    expect(refused({ protocol: 'http', methods: ['x'] }).faults).toHaveLength(1);
  });

  it('answers invalid_json to a mistyped field', () => {
    expect(refused({ server_port: '10500' })).toEqual({
      kind: 'invalid_json',
      faults: ['server_port must be an integer'],
    });
    expect(refused({ server_port: 1.5 }).kind).toBe('invalid_json');
    expect(refused({ app: { id: 10001 } }).kind).toBe('invalid_json');
    expect(refused({ methods: [1] }).kind).toBe('invalid_json');
    expect(refused({ methods: '/a/B' }).kind).toBe('invalid_json');
  });

  it('names every fault at once', () => {
    const { faults } = refused({ app: { id: '' }, service: { weight: 0 }, server_port: 0, methods: [] });
    expect(faults).toEqual([
      'app.id is required',
      'service.weight must be greater than zero',
      'server_port is invalid: 0',
      'methods must not be empty',
    ]);
  });

  it('reads fields in any letter case, as Go does', () => {
    const { app, ...rest } = nodeRegister(10500);
    expect(parseNodeRegister({ App: app, ...rest }, '').description.appId).toBe('10001');
  });

  it.each([undefined, null, 1, 'x', []])('answers invalid_json to %p', (body) => {
    expect(refusalOf(() => parseNodeRegister(body, '')).kind).toBe('invalid_json');
  });
});

describe('validation of a flat register', () => {
  const refused = (change: Parameters<typeof flatRegister>[1]) =>
    refusalOf(() => parseFlatRegister(flatRegister(10500, change), ''));

  it('reads what it needs', () => {
    expect(parseFlatRegister(flatRegister(10500), 'raw')).toMatchObject({
      rawBody: 'raw',
      instanceId: undefined,
      description: {
        dialect: 'flat',
        appId: '10001',
        name: 'auth',
        port: 10500,
        servicePort: 10500,
        env: 'prod',
      },
    });
  });

  it.each(['app_id', 'app_name', 'name', 'namespace', 'dns', 'env', 'protocol', 'version'])(
    'demands %s',
    (field) => {
      expect(refused({ [field]: '  ' }).faults).toEqual([`${field} is required`]);
      expect(refused({ [field]: undefined }).faults).toEqual([`${field} is required`]);
    },
  );

  it.each(['language', 'version'])('demands kernel.%s', (field) => {
    const kernel = { language: 'node', version: 'v22', [field]: '' };
    expect(refused({ kernel }).faults).toEqual([`kernel.${field} is required`]);
  });

  it('reads the kernel as Go writes it', () => {
    const body = flatRegister(10500, { kernel: { Language: 'go', Version: 'go1.25' } });
    expect(() => parseFlatRegister(body, '')).not.toThrow();
  });

  it.each([0, -1, 65_536, undefined])('refuses port %p', (port) => {
    expect(refused({ port }).faults).toEqual([`port is invalid: ${port ?? 0}`]);
  });

  it('demands a weight above 0', () => {
    expect(refused({ weight: 0 }).faults).toEqual(['weight must be greater than zero']);
  });

  it('demands a method of HTTP as well', () => {
    expect(refused({ protocol: 'http', methods: [] }).faults).toEqual(['methods must not be empty']);
    expect(refused({ methods: ['/a.B/C', 'D'] }).faults).toEqual([expect.stringContaining('"D"')]);
  });
});

describe('validation of a drain and a deregister', () => {
  const dialects = [
    { name: 'node', who: nodeLeave(), drain: parseNodeDrain, deregister: parseNodeDeregister },
    {
      name: 'flat',
      who: { name: 'auth', port: 10500 },
      drain: parseFlatDrain,
      deregister: parseFlatDeregister,
    },
  ];

  describe.each(dialects)('in the $name dialect', ({ who, drain, deregister }) => {
    it.each([
      ['20s', 20_000],
      ['1m30s', 90_000],
      ['500ms', 500],
      [' 2s ', 2_000],
      ['', 20_000],
      [undefined, 20_000],
      [null, 20_000],
    ])('reads the grace period %p', (text, milliseconds) => {
      expect(drain({ ...who, grace_period: text }).gracePeriod).toBe(milliseconds);
    });

    it.each(['0s', '0', '-5s', '20', 'soon', '9999999999999h'])('refuses the grace period %p', (text) => {
      expect(refusalOf(() => drain({ ...who, grace_period: text }))).toEqual({
        kind: 'invalid_field',
        faults: [expect.stringContaining('grace_period')],
      });
    });

    it('identifies the same instance in both', () => {
      expect(drain(who).identity).toBe(deregister(who).identity);
    });

    it.each(Object.keys(who))('demands %s', (field) => {
      expect(refusalOf(() => drain({ ...who, [field]: undefined })).faults).toEqual([
        expect.stringContaining(field),
      ]);
      expect(refusalOf(() => deregister({ ...who, [field]: undefined })).faults).toEqual([
        expect.stringContaining(field),
      ]);
    });
  });

  it('identifies the instance that was registered', () => {
    const node = parseNodeRegister(nodeRegister(10500), '');
    expect(parseNodeDeregister(nodeLeave({ service_name: 'x', service_port: 1 })).identity).toBe(
      node.identity,
    );
    const flat = parseFlatRegister(flatRegister(10500), '');
    expect(parseFlatDeregister({ name: 'auth', port: 10500 }).identity).toBe(flat.identity);
    expect(parseFlatDeregister({ name: 'auth', port: 10501 }).identity).not.toBe(flat.identity);
    expect(parseNodeDeregister(nodeLeave({ app_id: '10002' })).identity).not.toBe(node.identity);
  });
});
