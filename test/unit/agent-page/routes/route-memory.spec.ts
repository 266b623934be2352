import { describe, expect, it } from '@jest/globals';
import { RouteMemory } from '../../../../lib/agent-page/routes/route-memory.js';
import { agentInstance } from '../../../agent-page/support/agent-instances.js';

describe('RouteMemory', () => {
  const other = agentInstance({ port: 10501 });

  it('compares a register with what its service has published', () => {
    const memory = new RouteMemory();
    expect(memory.differencesOf(other)).toEqual([]);
    memory.keep(agentInstance());
    expect(memory.differencesOf(other)).toEqual([{ field: 'port', published: '10500', given: '10501' }]);
    expect(memory.differencesOf({ ...other, namespace: 'other' })).toEqual([]);
  });

  it('compares with what was accepted last: what was there before was deleted', () => {
    const memory = new RouteMemory();
    memory.keep(agentInstance());
    memory.keep(other);
    expect(memory.differencesOf(other)).toEqual([]);
  });

  it('keeps nothing of the dialect node, which publishes nothing', () => {
    const memory = new RouteMemory();
    memory.keep(agentInstance({ dialect: 'node' }));
    expect(memory.differencesOf(other)).toEqual([]);
  });
});
