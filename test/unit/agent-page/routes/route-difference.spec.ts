import { describe, expect, it } from '@jest/globals';
import {
  conflictAdvice,
  routeDifferences,
  routeKey,
} from '../../../../lib/agent-page/routes/route-difference.js';

const PUBLISHED = { port: 10500, version: 'v1', methods: ['/a.A/One', '/a.A/Two'] };

describe('routeDifferences', () => {
  it('finds none in equal routes, in whatever order the methods are', () => {
    expect(routeDifferences(PUBLISHED, { ...PUBLISHED, methods: ['/a.A/Two', '/a.A/One'] })).toEqual([]);
  });

  it('names each field that differs, with both values', () => {
    const given = { port: 10501, version: 'v2', methods: ['/a.A/One', '/a.A/Three'] };
    expect(routeDifferences(PUBLISHED, given)).toEqual([
      { field: 'port', published: '10500', given: '10501' },
      { field: 'version', published: 'v1', given: 'v2' },
      { field: 'methods', published: '/a.A/Two', given: '/a.A/Three' },
    ]);
  });

  it('names the methods that are on one side alone', () => {
    const given = { ...PUBLISHED, methods: ['/a.A/Two', '/a.A/One', '/a.A/Zero', '/a.A/Four'] };
    expect(routeDifferences(PUBLISHED, given)).toEqual([
      { field: 'methods', published: '', given: '/a.A/Four, /a.A/Zero' },
    ]);
  });
});

describe('the values of a difference', () => {
  it('are cut, and the most methods counted', () => {
    const methods = Array.from({ length: 60 }, (_, index) => `/a.A/${String(index).padStart(2, '0')}`);
    const given = { port: 10500, version: 'v'.repeat(1_000), methods: [...PUBLISHED.methods, ...methods] };
    const [version, added] = routeDifferences(PUBLISHED, given);
    expect(version?.given).toBe(`${'v'.repeat(200)}…`);
    expect(added?.given.split(', ')).toHaveLength(51);
    expect(added?.given).toMatch(/, and 10 more$/);
  });
});

describe('conflictAdvice', () => {
  it('names the service and the key to delete', () => {
    const owner = { env: 'prod', namespace: 'default', name: 'auth' };
    const { meaning, remedies } = conflictAdvice(owner);
    expect(meaning).toContain('All instances of auth must have the same port, version and methods');
    expect(remedies.join()).toContain(`delete the key ${routeKey(owner)} in Consul`);
    const last = remedies.at(-1) ?? '';
    expect(last.indexOf('press Delete the route document')).toBeLessThan(last.indexOf('in Consul'));
    expect(last).toContain('press Delete the route document (with --chaos), or restart the command');
    expect(routeKey(owner)).toBe('routes/prod/default/auth/current');
  });
});
