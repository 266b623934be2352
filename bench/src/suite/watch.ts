import { createParser } from 'eventsource-parser';
import { SidecarAgent, SidecarStatusService, WatchService } from 'nestjs-sidecar-agent';
import { filter, firstValueFrom } from 'rxjs';
import { Pool, request } from 'undici';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { alternate } from '../rounds.js';
import { LAST_ID } from '../support/frames.js';
import { OtherEnd } from '../support/other-end.js';
import { sidecarApp } from '../support/sidecar-app.js';

interface Flood {
  readonly end: OtherEnd;
  readonly url: string;
  readonly events: number;
}

/** Events a second of a stream that is as fast as it is read. */
export const benchmark: Benchmark = { run: measureWatch };

async function measureWatch({ quick, rounds }: Scale): Promise<Figure[]> {
  const end = await OtherEnd.start('bare-agent');
  const events = quick ? 10_000 : 40_000;
  await end.ask('prepare', events);
  const flood: Flood = { end, url: await end.ask<string>('url'), events };
  const raw: number[] = [];
  const { baseline, subject } = await alternate(rounds, {
    baseline: async () => {
      raw.push(await readRaw(flood));
      return parseByHand(flood);
    },
    subject: () => throughModule(flood),
  });
  await end.stop();
  const against = 'undici.request + eventsource-parser + JSON.parse';
  const what = 'heartbeats with JSON data, from a loopback socket into the status';
  return [
    {
      id: 'watch.events',
      what,
      unit: 'events/s',
      against,
      baseline,
      subject,
      goals: [{ of: 'ratio', atLeast: 0.6 }],
    },
    {
      id: 'watch.ceiling',
      what: 'the same bytes read and thrown away: what the other end can send',
      unit: 'events/s',
      against,
      baseline,
      subject: raw.slice(1),
      goals: [],
    },
  ];
}

/** Every event through the whole module: the stream's client, the registration, the status. */
async function throughModule({ end, url, events }: Flood): Promise<number> {
  const app = await sidecarApp(url);
  const status = app.get(SidecarStatusService);
  const agent = app.get(SidecarAgent);
  await agent.start();
  await agent.registered();
  const heard = firstValueFrom(app.get(WatchService).events$.pipe(filter(isLast)));
  const began = performance.now();
  await Promise.all([end.ask('flood', events), heard]);
  const took = performance.now() - began;
  if (status.status().lastEventId !== LAST_ID) throw new Error('the last event is not in the status');
  await app.close();
  return (events * 1000) / took;
}

function isLast(event: object): boolean {
  return 'id' in event && event.id === LAST_ID;
}

/** What a good engineer would write by hand, without any of the module's promises. */
async function parseByHand({ end, url, events }: Flood): Promise<number> {
  const pool = new Pool(url);
  const { body } = await request(`${url}/watch`, {
    dispatcher: pool,
    headers: { accept: 'text/event-stream' },
  });
  const status = { type: '', id: '', at: 0, ready: false };
  const decoder = new TextDecoder();
  const done = new Promise<void>((resolve) => {
    const parser = createParser({
      onEvent: ({ event = '', data, id = '' }) => {
        const said = JSON.parse(data) as { event?: string; ready: boolean };
        status.type = said.event ?? event;
        status.id = id;
        status.at = Date.now();
        status.ready = said.ready;
        if (id === LAST_ID) resolve();
      },
    });
    body.on('data', (chunk: Buffer) => parser.feed(decoder.decode(chunk, { stream: true })));
  });
  return timed({ end, url, events }, body, pool, done);
}

async function readRaw({ end, url, events }: Flood): Promise<number> {
  const pool = new Pool(url);
  const { body } = await request(`${url}/watch`, { dispatcher: pool });
  const last = Buffer.from(`id: ${LAST_ID}\n`);
  const done = new Promise<void>((resolve) => {
    body.on('data', (chunk: Buffer) => {
      if (chunk.includes(last)) resolve();
    });
  });
  return timed({ end, url, events }, body, pool, done);
}

async function timed(
  { end, events }: Flood,
  body: NodeJS.ReadableStream & { destroy(): unknown },
  pool: Pool,
  done: Promise<void>,
): Promise<number> {
  const began = performance.now();
  await Promise.all([end.ask('flood', events), done]);
  const took = performance.now() - began;
  body.on('error', () => {});
  body.destroy();
  await pool.destroy();
  return (events * 1000) / took;
}
