import { describe, expect, it } from '@jest/globals';
import { eventWords, withoutOlderReplays } from '../../../../lib/agent-page/view/moment-words.js';
import type { MomentView } from '../../../../lib/agent-page/view/page-state.js';

const moment = (id: number, change: Partial<MomentView> = {}): MomentView => ({
  id,
  count: 1,
  event: 'again',
  at: '2026-11-21T20:05:29.000Z',
  text: 'auth on port 10500',
  ...change,
});

describe('eventWords', () => {
  it.each([
    ['stream-opened', 'stream opened'],
    ['again', 'replayed'],
    ['refused', 'refused'],
  ] as const)('of %s are %s', (event, words) => {
    expect(eventWords({ event })).toBe(words);
  });

  it('do not call a try in the other dialect a refusal', () => {
    expect(eventWords({ event: 'other-dialect' })).toBe('other dialect');
  });
});

describe('withoutOlderReplays', () => {
  it('keeps the latest replay of each instance, if services replay in turn', () => {
    const other = { text: 'billing on port 10501', instanceId: 'two' };
    const moments = [moment(5), moment(4, other), moment(3), moment(2, other), moment(1)];
    expect(withoutOlderReplays(moments).map(({ id }) => id)).toEqual([5, 4]);
  });

  it('keeps replays apart between which something happened', () => {
    const moments = [moment(3), moment(2, { event: 'refused' }), moment(1)];
    expect(withoutOlderReplays(moments)).toEqual(moments);
  });
});
