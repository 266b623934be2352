import { describe, expect, it } from '@jest/globals';
import type { AgentMoment } from '../../../../lib/agent-page/moments/agent-moment.js';
import { Timeline } from '../../../../lib/agent-page/moments/timeline.js';
import { MOMENTS_LIMIT } from '../../../../lib/agent-page/view/page-state.js';

const moment = (change: Partial<AgentMoment> = {}): AgentMoment => ({
  event: 'again',
  at: '2026-11-21T20:05:29.000Z',
  text: 'auth on port 10500',
  ...change,
});

describe('Timeline', () => {
  it('has the latest first', () => {
    const timeline = new Timeline();
    timeline.add(moment());
    timeline.add(moment({ event: 'draining' }));
    expect(timeline.moments.map(({ event, id }) => [event, id])).toEqual([
      ['draining', 2],
      ['again', 1],
    ]);
  });

  it('counts a moment that repeats the one before, with the latest time and detail', () => {
    const timeline = new Timeline();
    timeline.add(moment({ detail: '1 replay' }));
    const again = timeline.add(moment({ detail: '2 replays', at: '2026-11-21T20:05:59.000Z' }));
    expect(again).toEqual(
      moment({ detail: '2 replays', at: '2026-11-21T20:05:59.000Z', ...{ id: 1, count: 2 } }),
    );
    expect(timeline.moments).toEqual([again]);
  });

  it.each([{ event: 'serving' as const }, { text: 'auth on port 10501' }, { instanceId: 'another' }])(
    'keeps moments apart that differ in %j',
    (change) => {
      const timeline = new Timeline();
      timeline.add(moment());
      timeline.add(moment(change));
      timeline.add(moment());
      expect(timeline.moments.map(({ count }) => count)).toEqual([1, 1, 1]);
    },
  );

  it('is bounded', () => {
    const timeline = new Timeline();
    for (let port = 0; port < MOMENTS_LIMIT + 5; port += 1) timeline.add(moment({ text: `on port ${port}` }));
    expect(timeline.moments).toHaveLength(MOMENTS_LIMIT);
    expect(timeline.moments[0]?.text).toBe(`on port ${MOMENTS_LIMIT + 4}`);
  });
});
