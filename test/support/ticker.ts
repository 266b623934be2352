import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Controller, Get, Sse } from '@nestjs/common';
import { concat, firstValueFrom, NEVER, of, Subject } from 'rxjs';

const released = new Subject<void>();

/** An event stream that never ends, and requests that are answered when the test says so. */
@Controller('ticks')
export class TickerController {
  @Sse()
  ticks() {
    return concat(of({ data: 'tick' }), NEVER);
  }

  @Get('hold')
  async hold() {
    await firstValueFrom(released);
    return 'held';
  }

  @Get('now')
  now() {
    return 'now';
  }
}

/** Answers the requests of `/ticks/hold` that wait. */
export function release(): void {
  released.next();
}

/** Opens the event stream, and waits for its first event. */
export async function openTicks(url: string): Promise<IncomingMessage> {
  const call = request(`${url}/ticks`, { agent: false }).end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  await once(answer, 'data');
  return answer;
}
