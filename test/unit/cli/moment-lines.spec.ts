import { describe, expect, it } from '@jest/globals';
import type { AgentMoment } from '../../../lib/agent-page/moments/agent-moment.js';
import { MomentLines } from '../../../lib/cli/moment-lines.js';

const AT = new Date(2026, 10, 21, 20, 5, 29).toISOString();
const REFUSED: AgentMoment = {
  event: 'refused',
  at: AT,
  text: 'auth on port 10501, POST /register answered 400: route document conflict',
  refusal: {
    method: 'POST',
    path: '/register',
    status: 400,
    reason: 'route document conflict',
    differences: [
      { field: 'port', published: '10500', given: '10501' },
      { field: 'methods', published: '', given: '/a.A/One' },
    ],
    advice: { meaning: 'It means this.', remedies: ['Do that.'] },
  },
};

describe('MomentLines', () => {
  it('writes the time, the event and what happened', () => {
    const lines = new MomentLines();
    const write = (moment: Partial<AgentMoment>) =>
      lines.write({ event: 'serving', at: AT, text: 'auth on port 10500', ...moment });
    expect(write({})).toBe('20:05:29  serving        auth on port 10500');
    expect(write({ event: 'registered', detail: 'dialect node' })).toBe(
      '20:05:29  registered     auth on port 10500 (dialect node)',
    );
    expect(write({ event: 'stream-opened', text: '1 is open' })).toBe('20:05:29  stream opened  1 is open');
  });

  it('says once what a refusal means', () => {
    const lines = new MomentLines();
    const indent = ' '.repeat(25);
    const line = `20:05:29  refused        ${REFUSED.text}`;
    expect(lines.write(REFUSED).split('\n')).toEqual([
      line,
      `${indent}port: published 10500, in this register 10501`,
      `${indent}methods that are only in this register: /a.A/One`,
      `${indent}It means this.`,
      `${indent}Do that.`,
    ]);
    expect(lines.write(REFUSED)).toBe(line);
  });

  it('has the words of the page for a try in the other dialect, and for a replay', () => {
    const lines = new MomentLines();
    const refusal = { method: 'POST', path: '/register', status: 400, reason: 'no', isProbe: true };
    const write = (moment: Partial<AgentMoment>) =>
      lines.write({ event: 'again', at: AT, text: 'auth on port 10500', ...moment });
    expect(write({ event: 'other-dialect', refusal })).toBe('20:05:29  other dialect  auth on port 10500');
    expect(write({})).toBe('20:05:29  replayed       auth on port 10500');
  });

  it('lets no service write to the terminal what changes it', () => {
    const line = new MomentLines().write({ event: 'serving', at: AT, text: 'a\u001b[2J\nb\u0007' });
    expect(line).toBe('20:05:29  serving        a?[2J?b?');
  });
});
