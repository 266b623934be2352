import { describe, expect, it } from '@jest/globals';
import { countNames, heldInstances } from '../../../../lib/agent-page/view/held-instances.js';
import { instanceView } from '../../../../lib/agent-page/view/instance-view.js';
import { agentInstance } from '../../../agent-page/support/agent-instances.js';

const of = (name: string, port: number, state: 'Serving' | 'Deregistered' = 'Serving') =>
  instanceView(agentInstance({ name, port, state }), []);

describe('heldInstances', () => {
  it('are in the order of name and port, whichever registered last', () => {
    const all = [of('billing', 3), of('auth', 20), of('gone', 1, 'Deregistered'), of('auth', 3)];
    expect(heldInstances(all).map(({ name, port }) => `${name} ${port}`)).toEqual([
      'auth 3',
      'auth 20',
      'billing 3',
    ]);
  });
});

describe('countNames', () => {
  it('counts the instances of each name', () => {
    expect([...countNames([of('auth', 1), of('billing', 2), of('auth', 3)])]).toEqual([
      ['auth', 2],
      ['billing', 1],
    ]);
  });
});
