import type { INestApplicationContext } from '@nestjs/common';
import { filter, firstValueFrom, timeout } from 'rxjs';
import { type SidecarStatus, SidecarStatusService } from '../../lib/index.js';

/** Waits until the status of an application is as wanted. */
export function statusWhere(
  app: INestApplicationContext,
  wanted: (status: SidecarStatus) => boolean,
): Promise<SidecarStatus> {
  return firstValueFrom(app.get(SidecarStatusService).status$.pipe(filter(wanted), timeout(8_000)));
}
