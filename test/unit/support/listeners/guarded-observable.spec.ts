import { describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom, map, Subject, toArray } from 'rxjs';
import { GuardedObservable } from '../../../../lib/support/listeners/guarded-observable.js';
import { linesOf } from '../../fixtures/kept-lines.js';

const LOGGED = expect.stringContaining('error: A subscriber threw; it stays subscribed Error: boom');

function boom(): never {
  throw new Error('boom');
}

function guarded() {
  const source = new Subject<number>();
  return { source, values$: new GuardedObservable<number>((subscriber) => source.subscribe(subscriber)) };
}

describe('GuardedObservable', () => {
  it('gives its values to all subscribers', () => {
    const { source, values$ } = guarded();
    const seen: string[] = [];
    values$.subscribe((value) => seen.push(`function ${value}`));
    values$.subscribe({ next: (value) => seen.push(`observer ${value}`) });
    values$.subscribe(
      (value) => seen.push(`functions ${value}`),
      null,
      () => seen.push('complete'),
    );
    source.next(1);
    source.complete();
    expect(seen).toEqual(['function 1', 'observer 1', 'functions 1', 'complete']);
  });

  it('calls the methods of an observer on the observer', () => {
    const { source, values$ } = guarded();
    const observer = {
      sum: 0,
      next(value: number) {
        this.sum += value;
      },
    };
    values$.subscribe(observer);
    source.next(3);
    source.next(4);
    expect(observer.sum).toBe(7);
  });

  describe('when a subscriber throws', () => {
    it.each([
      ['a function', (each: () => void) => each],
      ['an observer', (each: () => void) => ({ next: each })],
    ])('the subscriber and all others get the next values: %s', async (_what, listenerOf) => {
      const { source, values$ } = guarded();
      const seen: number[] = [];
      let calls = 0;
      values$.subscribe(
        listenerOf(() => {
          calls += 1;
          boom();
        }),
      );
      values$.subscribe((value) => seen.push(value));
      const lines = await linesOf(() => {
        source.next(1);
        source.next(2);
      });
      expect(seen).toEqual([1, 2]);
      expect(calls).toBe(2);
      expect(lines).toEqual([LOGGED, LOGGED]);
    });

    it('other subscribers still complete', async () => {
      const { source, values$ } = guarded();
      let completed = false;
      values$.subscribe({ complete: boom });
      values$.subscribe({
        complete: () => {
          completed = true;
        },
      });
      const lines = await linesOf(() => source.complete());
      expect(completed).toBe(true);
      expect(lines).toEqual([LOGGED]);
    });

    it('other subscribers still get an error of the source', async () => {
      const { source, values$ } = guarded();
      const seen: unknown[] = [];
      values$.subscribe({ error: boom });
      values$.subscribe(undefined, (thrown) => seen.push(thrown));
      const lines = await linesOf(() => source.error('failed'));
      expect(seen).toEqual(['failed']);
      expect(lines).toEqual([LOGGED]);
    });

    it('logs what it threw even if that is not an error', async () => {
      const { source, values$ } = guarded();
      values$.subscribe(() => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw 'text';
      });
      const lines = await linesOf(() => source.next(1));
      expect(lines).toEqual([expect.stringContaining('it stays subscribed text')]);
    });
  });

  it('accepts a subscriber without functions', () => {
    const { source, values$ } = guarded();
    values$.subscribe();
    values$.subscribe({});
    values$.subscribe(null);
    expect(() => {
      source.next(1);
      source.complete();
    }).not.toThrow();
  });

  it('unsubscribes', () => {
    const { source, values$ } = guarded();
    const seen: number[] = [];
    const subscription = values$.subscribe((value) => seen.push(value));
    source.next(1);
    subscription.unsubscribe();
    source.next(2);
    expect(seen).toEqual([1]);
    expect(source.observed).toBe(false);
  });

  it('works with operators and promises', async () => {
    const { source, values$ } = guarded();
    const doubled = firstValueFrom(
      values$.pipe(
        map((value) => value * 2),
        toArray(),
      ),
    );
    const first = firstValueFrom(values$);
    source.next(1);
    source.next(2);
    source.complete();
    expect(await first).toBe(1);
    expect(await doubled).toEqual([2, 4]);
  });

  it('unsubscribes from the source once a promise has its value', async () => {
    const { source, values$ } = guarded();
    const first = firstValueFrom(values$);
    const even = firstValueFrom(values$.pipe(filter((value) => value % 2 === 0)));
    source.next(1);
    source.next(2);
    expect(source.observed).toBe(false);
    expect(await Promise.all([first, even])).toEqual([1, 2]);
  });

  it('passes an error of an operator on to its subscriber', () => {
    const { source, values$ } = guarded();
    const seen: unknown[] = [];
    values$.pipe(map(boom)).subscribe({ error: (thrown) => seen.push(thrown) });
    source.next(1);
    expect(seen).toEqual([new Error('boom')]);
  });
});
