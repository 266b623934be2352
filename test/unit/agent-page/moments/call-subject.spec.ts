import { describe, expect, it } from '@jest/globals';
import { routesOf, subjectOf } from '../../../../lib/agent-page/moments/call-subject.js';
import { flatRegister, nodeLeave, nodeRegister } from '../../../testing/support/bodies.js';

const ID = '0197f3a2-0000-7000-8000-000000000001';

describe('subjectOf', () => {
  it('reads the bodies of both dialects', () => {
    expect(subjectOf(nodeRegister(10500))).toEqual({ service: 'auth', port: 10500, instanceId: ID });
    expect(subjectOf(flatRegister(10500))).toEqual({ service: 'auth', port: 10500 });
    expect(subjectOf(nodeLeave())).toEqual({ instanceId: ID });
    expect(subjectOf(nodeLeave({ service_name: 'auth', service_port: 10500 }))).toEqual({
      service: 'auth',
      port: 10500,
      instanceId: ID,
    });
    expect(subjectOf({ name: ' auth ', port: 10500 })).toEqual({ service: 'auth', port: 10500 });
  });

  it.each([undefined, null, 'auth', [], {}, { name: ' ', port: '10500' }, { name: 5, port: 1.5, app: 'x' }])(
    'reads nothing from %j',
    (body) => {
      expect(subjectOf(body)).toEqual({});
    },
  );
});

describe('routesOf', () => {
  it('reads what a register of the dialect flat publishes', () => {
    expect(routesOf(flatRegister(10500))).toEqual({
      env: 'prod',
      namespace: 'default',
      name: 'auth',
      port: 10500,
      version: 'v1.3.4',
      methods: ['/acme.auth.v1.AuthService/Login'],
    });
  });

  it('leaves out what is not a method', () => {
    expect(routesOf({ methods: ['/a.A/One', 5, null] }).methods).toEqual(['/a.A/One']);
    expect(routesOf(undefined)).toMatchObject({ name: '', port: 0, methods: [] });
  });
});
