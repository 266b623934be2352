import { describe, expect, it } from '@jest/globals';
import { instanceView } from '../../../../lib/agent-page/view/instance-view.js';
import type { PageState } from '../../../../lib/agent-page/view/page-state.js';
import { hasMissingStream, untilUnheard } from '../../../../lib/agent-page/view/unheard.js';
import { agentInstance } from '../../../agent-page/support/agent-instances.js';

const AT = '2026-11-21T20:05:29.000Z';

describe('hasMissingStream', () => {
  const state = (streams: number, refused = 0): PageState => ({
    agent: { url: '', dialect: 'both', hasChaos: false },
    instances: [],
    streams,
    faults: { isSilent: false, armed: [] },
    refused: Array.from({ length: refused }, (_, index) => ({
      key: `auth:${index}`,
      count: 1,
      at: AT,
      refusal: { method: 'POST', path: '/register', status: 400, reason: 'no' },
    })),
    moments: [],
  });
  const held = [instanceView(agentInstance(), [])];

  it.each([
    [0, 0, true],
    [1, 0, false],
    [2, 0, false],
    [1, 1, true],
    [2, 1, false],
  ])('with %d streams, one instance and %d refused services: %s', (streams, refused, isMissing) => {
    expect(hasMissingStream(state(streams, refused), held)).toBe(isMissing);
  });
});

describe('untilUnheard', () => {
  it('is the rest of a minute', () => {
    const at = Date.parse(AT);
    expect(untilUnheard(AT, at)).toBe(60_000);
    expect(untilUnheard(AT, at + 59_999)).toBe(1);
    expect(untilUnheard(AT, at + 90_000)).toBe(0);
  });
});
