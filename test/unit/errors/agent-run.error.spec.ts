import { describe, expect, it } from '@jest/globals';
import { AgentRunError, SidecarAgentError } from '../../../lib/index.js';

describe('AgentRunError', () => {
  it('has stage and cause of the first failure, and tells of the others', () => {
    const cause = new Error('port taken');
    const later = [
      { stage: 'agent_shutdown', cause: new AggregateError([new Error('one'), new Error('two')], 'both') },
      { stage: 'shutdown', cause: 'a text' },
    ] as const;
    const error = new AgentRunError({ stage: 'serve', cause }, later);
    expect(error).toBeInstanceOf(SidecarAgentError);
    expect(error).toMatchObject({
      name: 'AgentRunError',
      kind: 'runtime_error',
      stage: 'serve',
      suppressed: later,
    });
    expect(error.cause).toBe(cause);
    expect(error.message).toBe(
      'runSidecarApp failed in stage serve: port taken; then in stage agent_shutdown: both; then in stage shutdown: a text',
    );
  });

  it('keeps a cause that is not an Error', () => {
    expect(new AgentRunError({ stage: 'lifecycle', cause: undefined }).message).toBe(
      'runSidecarApp failed in stage lifecycle: undefined',
    );
  });
});
