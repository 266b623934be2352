import { describe, expect, it } from '@jest/globals';
import { serviceDns } from '../../../lib/index.js';

describe('serviceDns', () => {
  it.each([
    [{ name: 'auth' }, 'auth.default.svc.cluster.local'],
    [{ name: 'auth', namespace: 'iam' }, 'auth.iam.svc.cluster.local'],
    [{ name: 'auth', namespace: 'iam', type: 'job', clusterDomain: 'mesh.acme' }, 'auth.iam.job.mesh.acme'],
    [{ name: 'auth', namespace: undefined, type: undefined }, 'auth.default.svc.cluster.local'],
  ])('returns for %j: %s', (service, dns) => {
    expect(serviceDns(service)).toBe(dns);
  });
});
