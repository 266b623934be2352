import { describe, expect, it } from '@jest/globals';
import { CallDeadline } from '../../../../lib/agent/client/call-deadline.js';

describe('CallDeadline', () => {
  const late = new Error('late');

  it('leaves work that is done in time as it is', async () => {
    await expect(new CallDeadline().bound(Promise.resolve('done'))).resolves.toBe('done');
    await expect(new CallDeadline().bound(Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  it('fails work that would never end, with the reason', async () => {
    const deadline = new CallDeadline();
    const bound = deadline.bound(new Promise(() => {}));
    expect([deadline.aborted, deadline.reason]).toEqual([false, undefined]);
    deadline.abort(late);
    expect([deadline.aborted, deadline.reason]).toEqual([true, late]);
    await expect(bound).rejects.toBe(late);
  });

  it('has no say once the work is done', async () => {
    const deadline = new CallDeadline();
    const bound = deadline.bound(Promise.resolve('done'));
    await bound;
    deadline.abort(late);
    await expect(bound).resolves.toBe('done');
  });
});
