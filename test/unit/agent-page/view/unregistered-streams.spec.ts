import { describe, expect, it } from '@jest/globals';
import type { InstanceView } from '../../../../lib/agent-page/view/instance-view.js';
import { instanceView } from '../../../../lib/agent-page/view/instance-view.js';
import type { RefusedView } from '../../../../lib/agent-page/view/page-state.js';
import { unregisteredStreams } from '../../../../lib/agent-page/view/unregistered-streams.js';
import { agentInstance } from '../../../agent-page/support/agent-instances.js';

const held = (port: number) => instanceView(agentInstance({ port }), []);
const gone = (port: number) => instanceView(agentInstance({ port, state: 'Deregistered' }), []);
const lost = (port: number) => instanceView(agentInstance({ port, state: 'Deregistered' }), [], true);
const refused: RefusedView = {
  key: 'auth:9',
  service: 'auth',
  port: 9,
  count: 1,
  at: '',
  refusal: { method: 'POST', path: '/register', status: 400, reason: 'no' },
};

describe('unregisteredStreams', () => {
  const count = (
    streams: number,
    instances: readonly InstanceView[],
    others: readonly RefusedView[] = [],
  ) => {
    const { lost: waiting, unknown } = unregisteredStreams(
      { streams, instances, refused: others },
      instances.filter(({ state }) => state !== 'Deregistered'),
    );
    return [waiting, unknown];
  };

  it('has none if each is of a service that is held or refused', () => {
    expect(count(0, [])).toEqual([0, 0]);
    expect(count(1, [held(1), held(2)])).toEqual([0, 0]);
    expect(count(3, [held(1), held(2)], [refused])).toEqual([0, 0]);
  });

  it('tells those of lost services from those of unknown ones', () => {
    expect(count(2, [held(1), lost(2)])).toEqual([1, 0]);
    expect(count(3, [held(1), lost(2)])).toEqual([1, 1]);
    expect(count(3, [held(1), gone(2)])).toEqual([0, 2]);
    expect(count(1, [lost(1), lost(2)])).toEqual([1, 0]);
  });

  it('does not wait for what is held or refused again, or was lost twice', () => {
    expect(count(2, [held(1), lost(1)])).toEqual([0, 1]);
    expect(count(2, [lost(9)], [refused])).toEqual([0, 1]);
    expect(count(2, [lost(1), lost(1)])).toEqual([1, 1]);
  });
});
