import { describe, expect, it } from '@jest/globals';
import { instanceView } from '../../../../lib/agent-page/view/instance-view.js';
import { applyEvent, type MomentView, type PageState } from '../../../../lib/agent-page/view/page-state.js';
import { agentInstance } from '../../../agent-page/support/agent-instances.js';

const one = instanceView(agentInstance(), []);
const two = instanceView(agentInstance({ instanceId: 'two', port: 10501 }), []);
const MOMENT: MomentView = { id: 1, count: 1, event: 'chaos', at: '', text: 'x' };
const STATE: PageState = {
  agent: { url: 'http://127.0.0.1:1', dialect: 'both', hasChaos: false },
  instances: [one],
  streams: 0,
  faults: { isSilent: false, armed: [] },
  refused: [],
  moments: [MOMENT],
};

describe('applyEvent', () => {
  it('takes a snapshot as it is, whatever was before', () => {
    expect(applyEvent(undefined, 'snapshot', STATE)).toBe(STATE);
    expect(applyEvent({ ...STATE, streams: 9 }, 'snapshot', STATE)).toBe(STATE);
  });

  it('ignores changes before the snapshot', () => {
    expect(applyEvent(undefined, 'change', { streams: 1 })).toBeUndefined();
    expect(applyEvent(undefined, 'moment', MOMENT)).toBeUndefined();
  });

  it('adds, replaces and removes instances, and keeps their order', () => {
    const changed = { ...one, replays: 5 };
    expect(applyEvent(STATE, 'change', { instances: [two, changed] })?.instances).toEqual([changed, two]);
    expect(applyEvent(STATE, 'change', { gone: [one.key], instances: [two] })?.instances).toEqual([two]);
  });

  it('leaves what a change does not have', () => {
    expect(applyEvent(STATE, 'change', { streams: 2 })).toEqual({ ...STATE, streams: 2 });
    expect(applyEvent(STATE, 'change', { faults: { isSilent: true, armed: [] } })?.faults.isSilent).toBe(
      true,
    );
  });

  it('puts what was refused last first, and leaves out what is cleared', () => {
    const refusal = { method: 'POST', path: '/register', status: 400, reason: 'no' };
    const [a, b, c] = ['a', 'b', 'c'].map((key) => ({ key, count: 1, at: '', refusal }));
    if (!a || !b || !c) throw new Error('three');
    const state = { ...STATE, refused: [b, a] };
    const again = { ...a, count: 2 };
    expect(applyEvent(state, 'change', { refused: [c, again] })?.refused).toEqual([c, again, b]);
    expect(applyEvent(state, 'change', { cleared: ['b'] })?.refused).toEqual([a]);
  });

  it('adds a moment in front, in place of the one that it repeats', () => {
    const next = { ...MOMENT, id: 2 };
    expect(applyEvent(STATE, 'moment', next)?.moments).toEqual([next, MOMENT]);
    const repeated = { ...MOMENT, count: 2 };
    expect(applyEvent(STATE, 'moment', repeated)?.moments).toEqual([repeated]);
  });
});
