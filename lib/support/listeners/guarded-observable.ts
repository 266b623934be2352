import { Logger } from '@nestjs/common';
import { Observable, type Observer, Subscriber, type Subscription } from 'rxjs';
import { describeThrown } from '../text/describe-thrown.js';
import { harmless } from './harmless.js';

type Listener<T> = Partial<Observer<T>> | ((value: T) => void);

/**
 * An observable whose direct subscribers cannot harm anybody: what one throws is logged, where RxJS would rethrow it as
 * an uncaught exception. Past a `.pipe()` RxJS's own rule holds.
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
    // An operator subscribes with a Subscriber of its own, which carries the user's function unseen.
    if (listener instanceof Subscriber) return super.subscribe(listener);
    const observer: Partial<Observer<T>> =
      typeof listener === 'function' || !listener
        ? { next: listener ?? undefined, error: error ?? undefined, complete: complete ?? undefined }
        : listener;
    return super.subscribe({
      next: (value) => harmless(() => observer.next?.(value), tell),
      error: (thrown) => harmless(() => observer.error?.(thrown), tell),
      complete: () => harmless(() => observer.complete?.(), tell),
    });
  }
}

function tell(thrown: unknown): void {
  new Logger('SidecarAgent').error('A subscriber threw; it stays subscribed', describeThrown(thrown));
}
