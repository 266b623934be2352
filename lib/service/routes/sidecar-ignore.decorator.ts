import { SetMetadata } from '@nestjs/common';

/** The metadata key of {@link SidecarIgnore}. */
export const SIDECAR_IGNORE = 'nestjs-sidecar-agent:ignore';

/**
 * Excludes a controller, or one of its methods, from the routes that the module registers for an
 * `http` service. Use it for health checks, metrics and other routes that no gateway should call.
 * Your app still serves them.
 *
 * @param ignore `false` on a method registers it although its controller is excluded
 * @default true
 *
 * @example
 * ```ts
 * @SidecarIgnore()
 * @Controller('health')
 * export class HealthController {}
 * ```
 */
export function SidecarIgnore(ignore = true): ClassDecorator & MethodDecorator {
  return SetMetadata(SIDECAR_IGNORE, ignore);
}
