import { createParamDecorator, Inject, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { getDrainingToken } from './draining.token.js';

const PARAMETER_TYPES = 'design:paramtypes';

/** Of which module {@link Draining} gives the signal. */
export interface DrainingOptions {
  /**
   * The `name` of the module.
   *
   * @default none: the module without a name
   */
  name?: string;
}

/**
 * Gives an `AbortSignal` that aborts once, when the shutdown begins to drain the service. It does
 * not abort at a `drain()` of your code. Use it to end long streams, so that their clients move to
 * another instance while this one still serves.
 *
 * It decorates
 *
 * - a parameter of a gRPC or HTTP handler. As with every Nest decorator of parameters, the others
 *   then need one too, such as `@Payload()`
 * - a parameter of a constructor, or a property, of a provider or controller
 *
 * End the stream with UNAVAILABLE: clients repeat such a call elsewhere. A client may come back
 * before its router has learned of the drain; then `aborted` is true from the start.
 *
 * A listener of the signal must not throw: Node reports what it throws as an uncaught exception,
 * which ends the process in the middle of the shutdown.
 *
 * Nest refuses to start if no module has the name. A handler of `@GrpcStreamCall` gets it too, if
 * its other parameters are decorated: `@Payload()` is the call, `@Ctx()` the callback.
 *
 * @example
 * ```ts
 * @GrpcMethod('TickerService', 'Follow')
 * follow(@Payload() { from }: FollowRequest, @Draining() draining: AbortSignal): Observable<Tick> {
 *   return this.ticks.since(from).pipe(untilDraining(draining));
 * }
 * ```
 */
export function Draining({ name }: DrainingOptions = {}): ParameterDecorator & PropertyDecorator {
  const token = getDrainingToken(name);
  const inject = Inject(token);
  return (target: object, key: string | symbol | undefined, index?: number) => {
    if (index === undefined) return key === undefined ? undefined : inject(target, key);
    if (key === undefined) return inject(target, key, index);
    handlerParameter(token)(target, key, index);
    hideType(target, key, index);
  };
}

/**
 * Nest creates a pipe with the dependencies of the controller's module; the factory of a parameter
 * decorator has no access to them.
 */
function handlerParameter(token: ReturnType<typeof getDrainingToken>): ParameterDecorator {
  @Injectable()
  class DrainingPipe implements PipeTransform<unknown, AbortSignal> {
    constructor(@Inject(token) private readonly signal: AbortSignal) {}

    transform(): AbortSignal {
      return this.signal;
    }
  }
  return createParamDecorator(() => undefined)(DrainingPipe as Type<PipeTransform>);
}

/**
 * Removes the type of the parameter from the metadata that TypeScript writes. Global pipes run
 * first: a `ValidationPipe` with `validateCustomDecorators` would build an `AbortSignal`, which
 * throws.
 */
function hideType(target: object, key: string | symbol, index: number): void {
  const types: unknown = Reflect.getOwnMetadata(PARAMETER_TYPES, target, key);
  if (Array.isArray(types)) Reflect.defineMetadata(PARAMETER_TYPES, types.with(index, Object), target, key);
}
