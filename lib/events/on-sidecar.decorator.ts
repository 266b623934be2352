import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import { shown } from '../support/text/describe-value.js';
import { didYouMean } from '../support/text/did-you-mean.js';
import { SIDECAR_EVENT_TYPES, type SidecarEvent, type SidecarEventType } from './sidecar-event.js';

/** The metadata key of {@link OnSidecar}. */
const ON_SIDECAR = 'nestjs-sidecar-agent:on-sidecar';

/** Of which module {@link OnSidecar} handles the events. */
export interface OnSidecarOptions {
  /**
   * The `name` of the module.
   *
   * @default none: the handler gets the events of the module without a name
   */
  name?: string;
}

/** An event that a method handles. */
export interface Handled {
  readonly type: SidecarEventType;
  readonly name: string | undefined;
}

/**
 * Calls a method of a provider or controller at each event of this type. The method gets the event,
 * typed by its name. Use the decorator several times on one method to handle several types.
 *
 * - If a handler throws or rejects, the error is logged and other handlers are unaffected. Nothing
 *   waits for a handler: count work that a shutdown must wait for with `SidecarAgent.track()`.
 * - Each instance of a transient provider gets the event. Of a request-scoped provider or
 *   controller, Nest creates one instance for each event, in which `REQUEST` is the event.
 * - If no module has this name, the handler is never called, and the log says so at the start.
 *
 * @param type `registered`, `connected`, `disconnected`, `draining`, `deregistered` or `error`
 * @throws {InvalidOptionsError} if there is no such type
 *
 * @example
 * ```ts
 * @Injectable()
 * class Announcer {
 *   @OnSidecar('registered')
 *   announce({ serviceName, port }: SidecarEvent<'registered'>) {
 *     console.log(`${serviceName} is registered on port ${port}`);
 *   }
 *
 *   @OnSidecar('draining', { name: 'billing' })
 *   stopPolling() {}
 * }
 * ```
 */
export function OnSidecar<const Type extends SidecarEventType>(
  type: Type,
  options: OnSidecarOptions = {},
): <Handler extends (event: SidecarEvent<Type>) => unknown>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Handler>,
) => void {
  if (!SIDECAR_EVENT_TYPES.includes(type)) {
    const types = SIDECAR_EVENT_TYPES.join(', ');
    const hint = didYouMean(String(type), SIDECAR_EVENT_TYPES);
    const message = `must be one of ${types}, got ${shown(type)}${hint}`;
    throw new InvalidOptionsError([{ path: 'type', message }], '@OnSidecar');
  }
  return (_target, _key, { value: method }) => {
    if (!method) return;
    const handled: Handled = { type, name: options.name };
    Reflect.defineMetadata(ON_SIDECAR, [...handledBy(method), handled], method);
  };
}

/** Returns the events that a method handles. */
export function handledBy(method: object): readonly Handled[] {
  return (Reflect.getOwnMetadata(ON_SIDECAR, method) as readonly Handled[] | undefined) ?? [];
}
