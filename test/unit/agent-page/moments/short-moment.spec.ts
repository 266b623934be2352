import { describe, expect, it } from '@jest/globals';
import { shortMoment } from '../../../../lib/agent-page/moments/short-moment.js';

describe('shortMoment', () => {
  it('cuts what a body may have made long', () => {
    const long = 'x'.repeat(5_000);
    const moment = shortMoment({
      event: 'registered',
      at: '',
      text: long,
      detail: long,
      service: long,
      instanceId: long,
    });
    expect(moment).toEqual({
      event: 'registered',
      at: '',
      text: `${'x'.repeat(1_000)}…`,
      detail: `${'x'.repeat(1_000)}…`,
      service: `${'x'.repeat(200)}…`,
      instanceId: `${'x'.repeat(200)}…`,
    });
  });

  it('leaves the rest as it is', () => {
    const moment = { event: 'chaos', at: '2026-11-21T20:05:29.000Z', text: 'heartbeats again' } as const;
    expect(shortMoment(moment)).toEqual(moment);
  });
});
