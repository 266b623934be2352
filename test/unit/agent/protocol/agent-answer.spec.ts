import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { type AgentAnswer, readAgentAnswer } from '../../../../lib/agent/protocol/agent-answer.js';
import { anyCharacter } from '../../fixtures/any-character.js';

const EMPTY: AgentAnswer = { code: '', message: '', success: true, flatError: false };

const read = (body: unknown) => readAgentAnswer(JSON.stringify(body));

describe('readAgentAnswer', () => {
  describe('of an envelope', () => {
    it('reads code, message and the instance in data', () => {
      const data = {
        state: 'Registered',
        instance_id: '0197f3a2',
        drain_deadline: '2026-11-21T20:05:49Z',
        agent_id: 'agent-1',
      };
      const at = '2026-11-21T20:05:29Z';
      expect(
        read({ success: true, code: 'register_ok', message: 'registered', data, generated_at: at }),
      ).toEqual({
        code: 'register_ok',
        message: 'registered',
        state: 'Registered',
        instanceId: '0197f3a2',
        drainDeadline: '2026-11-21T20:05:49Z',
        success: true,
        flatError: false,
      });
    });

    it('reads a failure', () => {
      const answer = read({
        success: false,
        code: 'register_failed',
        message: 'no such service',
        data: null,
      });
      expect(answer).toMatchObject({
        code: 'register_failed',
        message: 'no such service',
        success: false,
        flatError: false,
      });
    });

    it('is not a flat error, whatever the field error has', () => {
      expect(read({ success: false, error: 'not ready' })).toMatchObject({
        message: 'not ready',
        success: false,
        flatError: false,
      });
      expect(read({ success: true, error: 'not ready' }).flatError).toBe(false);
    });

    it('prefers the field message to error', () => {
      expect(read({ success: false, message: 'no', error: 'other' }).message).toBe('no');
      expect(read({ success: false, message: ' ', error: 'other' }).message).toBe('other');
    });

    it.each([null, [], 'text', 7])('reads the instance beside data if that is %p', (data) => {
      expect(read({ success: true, data, state: 'Draining' }).state).toBe('Draining');
    });
  });

  describe('of the flat dialect', () => {
    it('reads the instance', () => {
      const instance = {
        request: { name: 'auth' },
        instance_id: 'auth-10500',
        agent_id: 'agent-1',
        state: 'Draining',
        registered_at: '2026-11-21T20:05:29Z',
        drain_deadline: '2026-11-21T20:05:49Z',
        data: { state: 'Serving' },
      };
      expect(read(instance)).toEqual({
        code: '',
        message: '',
        state: 'Draining',
        instanceId: 'auth-10500',
        drainDeadline: '2026-11-21T20:05:49Z',
        success: true,
        flatError: false,
      });
    });

    it('reads an error', () => {
      expect(read({ error: 'weight must be above 0' })).toMatchObject({
        message: 'weight must be above 0',
        success: true,
        flatError: true,
      });
      expect(read({ error: '' }).flatError).toBe(true);
    });

    it.each([null, 7, true, {}, ['no']])('ignores an error of %p', (error) => {
      expect(read({ error })).toMatchObject({ message: '', flatError: false });
    });
  });

  it.each([
    '',
    ' ',
    '404 page not found',
    '{"success":false',
    '{"success":false} trailing',
    'null',
    'true',
    '7',
    '"success"',
    '[]',
    '[{"success":false,"error":"no"}]',
    '\ufeff{"success":false}',
    '<html>',
  ])('reads nothing from %j', (body) => {
    expect(readAgentAnswer(body)).toEqual(EMPTY);
  });

  it.each([0, 1, 'false', null, {}, []])('ignores a success of %p', (success) => {
    expect(read({ success, code: 'ok' })).toMatchObject({ code: 'ok', success: true });
    expect(read({ success, error: 'no' }).flatError).toBe(true);
  });

  it('copies no field of another type', () => {
    const wrong = { code: 7, message: {}, state: ['Draining'], instance_id: 7, drain_deadline: true };
    expect(read({ success: true, ...wrong, data: wrong })).toEqual(EMPTY);
  });

  it('bounds every text and removes its control characters', () => {
    const huge = `a\n${'b'.repeat(10_000_000)}`;
    const instance = { state: huge, instance_id: huge, drain_deadline: huge };
    const answer = read({ success: false, code: huge, message: huge, data: instance });
    const cut = (limit: number) => `a ${'b'.repeat(limit - 2)}…`;
    expect(answer).toEqual({
      code: cut(64),
      message: cut(256),
      state: cut(32),
      instanceId: cut(128),
      drainDeadline: cut(64),
      success: false,
      flatError: false,
    });
    expect(read({ error: '\u001b[31m\u202eno\u0000' }).message).toBe('[31m no');
  });

  it('reads nothing from __proto__', () => {
    const body =
      '{"__proto__":{"success":false,"error":"no","state":"Draining"},"constructor":{"prototype":{"code":"x"}}}';
    expect(readAgentAnswer(body)).toEqual(EMPTY);
    expect(readAgentAnswer('{"success":true,"data":{"__proto__":{"state":"Draining"}}}')).toEqual(EMPTY);
    expect({}).not.toHaveProperty('state');
  });

  it('accepts any body and returns known fields alone', () => {
    const FIELDS = ['code', 'message', 'state', 'instanceId', 'drainDeadline', 'success', 'flatError'];
    const fields = fc.constantFrom(
      'success',
      'code',
      'message',
      'data',
      'error',
      'state',
      'instance_id',
      '__proto__',
    );
    const object = fc.dictionary(fields, fc.jsonValue());
    const body = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.json(),
      object.map((value) => JSON.stringify(value)),
      fc.tuple(object, object).map(([value, data]) => JSON.stringify({ success: true, ...value, data })),
    );
    fc.assert(
      fc.property(body, (text) => {
        const answer = readAgentAnswer(text);
        for (const [name, value] of Object.entries(answer) as [string, unknown][]) {
          expect(FIELDS).toContain(name);
          if (name === 'success' || name === 'flatError') expect(typeof value).toBe('boolean');
          else if (value !== undefined) expect(value).toEqual(expect.any(String));
          if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(257);
        }
      }),
      { numRuns: 500 },
    );
  });
});
