import { describe, expect, it } from '@jest/globals';
import { prepareForConsul } from '../../../lib/consul/prepare-for-consul.js';
import { consulService, serviceId, ttlCheckId } from '../../../lib/consul/consul-service.js';
import { completeConsulOptions } from '../../../lib/consul/consul-settings.js';
import type { ConsulOptions } from '../../../lib/consul/index.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { buildServiceNode } from '../../../lib/service/build-service-node.js';
import fc from '../../support/fast-check.js';
import { NODE, options } from '../fixtures/fixtures.js';

const define = (consul: ConsulOptions = {}) => consulService(NODE, completeConsulOptions(consul));

describe('consulService', () => {
  it('writes what sidecar-agents of other hosts read, and a TTL', () => {
    expect(define()).toEqual({
      ID: 'auth-10500',
      Name: 'auth',
      Address: '',
      Port: 10500,
      Weights: { Passing: 100, Warning: 1 },
      Meta: {
        app_id: '10001',
        app_name: 'auth-center',
        instance_id: '0197f3a2-0000-7000-8000-000000000001',
        env: 'prod',
        version: 'v1.3.4',
        namespace: 'default',
        weight: '100',
        dns: 'auth.default.svc.cluster.local',
        protocol: 'grpc',
        kernel_language: 'node',
        kernel_version: 'v22.23.3',
        run_date: '2026-11-21T20:05:29Z',
      },
      Checks: [
        {
          CheckID: 'service:auth-10500:ttl',
          Name: 'TTL',
          TTL: '10000ms',
          Status: 'passing',
          DeregisterCriticalServiceAfter: '60000ms',
        },
      ],
    });
  });

  it.each([
    ['10.0.0.5', '10.0.0.5:10500'],
    ['fd00::5', '[fd00::5]:10500'],
    ['auth.internal', 'auth.internal:10500'],
    [undefined, '127.0.0.1:10500'],
  ])('checks the port at %s by %s', (address, TCP) => {
    const { ID, Address, Checks } = define({ address, portCheck: '2s', ttl: 15_000, reapAfter: '5m' });
    const id = address === undefined ? 'auth-10500' : `auth-${address}-10500`;
    expect({ ID, Address }).toEqual({ ID: id, Address: address ?? '' });
    const common = { Status: 'passing', DeregisterCriticalServiceAfter: '300000ms' };
    expect(Checks).toEqual([
      { CheckID: ttlCheckId(id), Name: 'TTL', TTL: '15000ms', ...common },
      { CheckID: `service:${id}:port`, Name: 'Port', TCP, Interval: '2000ms', Timeout: '1s', ...common },
    ]);
  });

  it("adds Consul's own words to those of the module", () => {
    const service = {
      Tags: ['blue'],
      Meta: { team: 'payments', color: 'blue' },
      Checks: [{ HTTP: 'http://127.0.0.1/health', Interval: '5s' }],
      Connect: { SidecarService: {} },
    };
    const { Tags, Meta, Checks, Connect, ID } = define({ service });
    expect({ Tags, Connect, ID }).toEqual({
      Tags: ['blue'],
      Connect: { SidecarService: {} },
      ID: 'auth-10500',
    });
    expect(Meta).toMatchObject({ team: 'payments', color: 'blue', app_id: '10001' });
    expect(Checks).toEqual([expect.objectContaining({ TTL: '10000ms' }), service.Checks[0]]);
  });

  it('never writes what makes a sidecar-agent take the instance for its own', () => {
    expect(Object.keys(define().Meta as object)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^agent_/)]),
    );
  });
});

describe('the id of an instance', () => {
  it.each<[string, string, number, string]>([
    ['auth', '', 80, 'auth-80'],
    ['auth', '10.0.0.5', 80, 'auth-10.0.0.5-80'],
    ['a-b', '::1', 65_535, 'a-b-::1-65535'],
  ])('of %s at "%s" port %s is %s', (name, address, port, id) => {
    expect(serviceId(name, address, port)).toBe(id);
  });
});

describe('whatever the options are', () => {
  const word = fc.oneof(fc.stringMatching(/^[\w.-]{1,20}$/), fc.string({ maxLength: 600, unit: 'grapheme' }));
  const meta = fc.dictionary(fc.oneof(fc.stringMatching(/^[\w-]{1,140}$/), fc.string()), word, {
    maxKeys: 70,
    depthIdentifier: 'meta',
  });

  it('what is not refused at the start is within the limits of Consul', () => {
    let accepted = 0;
    fc.assert(
      fc.property(word, word, meta, fc.integer({ min: 1, max: 70_000 }), (version, name, Meta, weight) => {
        const consul = { service: { Meta } };
        const given = options({
          app: { id: '1', name, env: 'e', version },
          service: { name: 'auth', weight },
          serverPort: 80,
        });
        let identity;
        try {
          ({ identity } = resolveOptions(given, [], (each) => prepareForConsul(each, consul, {})));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(InvalidOptionsError);
          return;
        }
        accepted += 1;
        const node = buildServiceNode({ ...identity, serverPort: 80 }, [], [], new Date());
        const sent = JSON.parse(JSON.stringify(consulService(node, completeConsulOptions(consul)))) as {
          Meta: Record<string, string>;
          Weights: { Passing: number };
        };
        const entries = Object.entries(sent.Meta);
        expect(entries.length).toBeLessThanOrEqual(64);
        for (const [key, value] of entries) {
          expect(key).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
          expect(Buffer.byteLength(value)).toBeLessThanOrEqual(512);
        }
        expect(sent.Weights.Passing).toBeLessThanOrEqual(65_535);
      }),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
