import { Logger } from '@nestjs/common';
import { Observable, type Observer, Subscriber, type Subscription } from 'rxjs';
import { describeThrown } from '../text/describe-thrown.js';
import { runGuarded } from './run-guarded.js';

type Listener<T> = Partial<Observer<T>> | ((value: T) => void);

/**
 * An observable that logs what a direct subscriber throws: the subscriber stays subscribed, and
 * other subscribers are unaffected. RxJS alone would rethrow the error as an uncaught exception,
 * and still does so if a subscriber throws behind a `.pipe()`.
 */
export class GuardedObservable<T> extends Observable<T> {
  override subscribe(listener?: Listener<T>): Subscription;
  override subscribe(
    next?: ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription;
  override subscribe(
    listener?: Listener<T> | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // Operators subscribe with a Subscriber of their own, which hides the function of your code.
    if (listener instanceof Subscriber) return super.subscribe(listener);
    const observer: Partial<Observer<T>> =
      typeof listener === 'function' || !listener
        ? { next: listener ?? undefined, error: error ?? undefined, complete: complete ?? undefined }
        : listener;
    return super.subscribe({
      next: (value) => runGuarded(() => observer.next?.(value), logThrown),
      error: (thrown) => runGuarded(() => observer.error?.(thrown), logThrown),
      complete: () => runGuarded(() => observer.complete?.(), logThrown),
    });
  }
}

function logThrown(thrown: unknown): void {
  new Logger('SidecarAgent').error('A subscriber threw; it stays subscribed', describeThrown(thrown));
}
