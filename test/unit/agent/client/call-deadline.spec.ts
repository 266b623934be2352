import { describe, expect, it } from '@jest/globals';
import { CallDeadline } from '../../../../lib/agent/client/call-deadline.js';

describe('CallDeadline', () => {
  const late = new Error('late');

  it('settles as work that settles in time', async () => {
    await expect(new CallDeadline().bound(Promise.resolve('done'))).resolves.toBe('done');
    await expect(new CallDeadline().bound(Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  it('rejects with the reason if the work never settles', async () => {
    const deadline = new CallDeadline();
    const bound = deadline.bound(new Promise(() => {}));
    expect([deadline.aborted, deadline.reason]).toEqual([false, undefined]);
    deadline.abort(late);
    expect([deadline.aborted, deadline.reason]).toEqual([true, late]);
    await expect(bound).rejects.toBe(late);
  });

  it('has no effect once the work has settled', async () => {
    const deadline = new CallDeadline();
    const bound = deadline.bound(Promise.resolve('done'));
    await bound;
    deadline.abort(late);
    await expect(bound).resolves.toBe('done');
  });
});
