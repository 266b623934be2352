import { SetMetadata } from '@nestjs/common';

/** Where the mark of {@link SidecarIgnore} is kept. */
export const SIDECAR_IGNORE = 'nestjs-sidecar-agent:ignore';

/**
 * Leaves a controller, or one of its routes, out of what an `http` service announces: health checks, metrics and whatever
 * else no gateway should lead to. The route is served all the same.
 *
 * @param ignore `false` on a method announces it though its controller is left out
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
