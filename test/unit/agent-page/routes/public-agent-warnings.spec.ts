import { describe, expect, it } from '@jest/globals';
import { publicAgentWarnings } from '../../../../lib/agent-page/routes/public-agent-warnings.js';
import { agentInstance } from '../../../agent-page/support/agent-instances.js';

describe('publicAgentWarnings', () => {
  it('has none for one instance, for equal ones and for other services', () => {
    const held = [
      agentInstance(),
      agentInstance({ instanceId: 'two' }),
      agentInstance({ name: 'billing', port: 10501 }),
      agentInstance({ namespace: 'other', port: 10502 }),
      agentInstance({ env: 'test', port: 10503 }),
    ];
    expect(publicAgentWarnings(held).size).toBe(0);
  });

  it('tells of a route conflict with the instance that registered first', () => {
    const first = agentInstance();
    const second = agentInstance({ instanceId: 'two', port: 10501 });
    const third = agentInstance({ instanceId: 'three', port: 10501, version: 'v2' });
    const warnings = publicAgentWarnings([first, second, third]);
    expect([...warnings.keys()]).toEqual([second, third]);
    expect(warnings.get(second)).toMatchObject([
      {
        text: 'The public agent would refuse this instance: route document conflict with auth on port 10500',
        differences: [{ field: 'port', published: '10500', given: '10501' }],
      },
    ]);
    // It is compared with the first, not with one that would be refused itself.
    expect(warnings.get(third)?.[0]?.differences.map(({ field }) => field)).toEqual(['port', 'version']);
  });

  it('compares with what is published, and not with what registered first', () => {
    const old = agentInstance();
    const latest = agentInstance({ instanceId: 'two', port: 10501 });
    const node = agentInstance({ instanceId: 'three', port: 10502, dialect: 'node' });
    const published = (key: string) => (key === 'routes/prod/default/auth/current' ? latest : undefined);
    const warnings = publicAgentWarnings([old, latest, node], published);
    expect([...warnings.keys()]).toEqual([old, node]);
    expect(warnings.get(old)).toMatchObject([
      {
        mark: 'next start would be refused',
        text: expect.stringContaining('conflict with auth on port 10501, which was published later'),
        differences: [{ field: 'port', published: '10501', given: '10500' }],
      },
    ]);
    expect(warnings.get(node)).toMatchObject([
      { mark: 'public agent would refuse it', text: expect.stringContaining('with auth on port 10501') },
    ]);
  });

  it('tells of an instance without methods, which does not count as the first', () => {
    const empty = agentInstance({ methods: [], port: 10501 });
    const other = agentInstance({ instanceId: 'two' });
    const warnings = publicAgentWarnings([empty, other]);
    expect([...warnings.keys()]).toEqual([empty]);
    expect(warnings.get(empty)?.map(({ text }) => text)).toEqual([
      'The public agent would refuse this instance: it has no gRPC method',
    ]);
  });
});
