import { createParser } from 'eventsource-parser';
import { setImmediate } from 'node:timers/promises';
import { SidecarAgent, SidecarStatusService } from 'nestjs-sidecar-agent';
import { Pool, request } from 'undici';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { alternate, type Outcome } from '../rounds.js';
import { LAST_ID } from '../support/frames.js';
import { OtherEnd } from '../support/other-end.js';
import { sidecarApp } from '../support/sidecar-app.js';

/** The number of streams until V8 has optimized both sides. */
const WARM_UPS = 20;

interface Flood {
  readonly end: OtherEnd;
  readonly url: string;
  readonly events: number;
}

/** Milliseconds: elapsed, and of CPU in this process. */
interface Taken {
  readonly wall: number;
  readonly used: number;
}

/** Events per second of a stream that is written as fast as it is read. */
export const benchmark: Benchmark = { run: measureWatch };

async function measureWatch({ quick, rounds }: Scale): Promise<Figure[]> {
  const end = await OtherEnd.start('bare-agent');
  const events = quick ? 20_000 : 100_000;
  await end.ask('prepare', events);
  const flood: Flood = { end, url: await end.ask<string>('url'), events };
  const cpu: Outcome = { baseline: [], subject: [] };
  const raw: number[] = [];
  const read = async (side: keyof Outcome, reader: (flood: Flood) => Promise<Taken>): Promise<number> => {
    const { wall, used } = await reader(flood);
    cpu[side].push((used * 1000) / events);
    return (events * 1000) / wall;
  };
  const contest = {
    baseline: async () => {
      raw.push((events * 1000) / (await readRaw(flood)).wall);
      return read('baseline', parseByHand);
    },
    subject: () => read('subject', throughModule),
  };
  const { baseline, subject } = await alternate(rounds, contest, WARM_UPS);
  await end.stop();
  const against = 'undici.request + eventsource-parser + JSON.parse';
  const what = 'heartbeats with JSON data, from a loopback socket to the status';
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
      id: 'watch.cpu',
      what: 'CPU per event, which depends least on other load on the machine',
      unit: 'µs',
      against,
      baseline: cpu.baseline.slice(WARM_UPS),
      subject: cpu.subject.slice(WARM_UPS),
      goals: [],
    },
    {
      id: 'watch.ceiling',
      what: 'the same bytes read and thrown away: the limit of the agent',
      unit: 'events/s',
      against,
      baseline,
      subject: raw.slice(WARM_UPS),
      goals: [],
    },
  ];
}

/** Reads every event with the whole module: stream client, registration, status. */
async function throughModule({ end, url, events }: Flood): Promise<Taken> {
  const app = await sidecarApp(url);
  const status = app.get(SidecarStatusService);
  const agent = app.get(SidecarAgent);
  await agent.start();
  await agent.registered();
  const taken = await timed(async () => {
    await end.ask('flood', events);
    // Polls, because a subscriber would add work for every event.
    while (status.status().lastEventId !== LAST_ID) await setImmediate();
  });
  await app.close();
  return taken;
}

/** Reads every event with a short loop that gives none of the module's guarantees. */
async function parseByHand({ end, url, events }: Flood): Promise<Taken> {
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
  return finish({ end, url, events }, body, pool, done);
}

async function readRaw({ end, url, events }: Flood): Promise<Taken> {
  const pool = new Pool(url);
  const { body } = await request(`${url}/watch`, { dispatcher: pool });
  const last = Buffer.from(`id: ${LAST_ID}\n`);
  const done = new Promise<void>((resolve) => {
    body.on('data', (chunk: Buffer) => {
      if (chunk.includes(last)) resolve();
    });
  });
  return finish({ end, url, events }, body, pool, done);
}

async function finish(
  { end, events }: Flood,
  body: NodeJS.ReadableStream & { destroy(): unknown },
  pool: Pool,
  done: Promise<void>,
): Promise<Taken> {
  const taken = await timed(() => Promise.all([end.ask('flood', events), done]));
  body.on('error', () => {});
  body.destroy();
  await pool.destroy();
  return taken;
}

async function timed(work: () => Promise<unknown>): Promise<Taken> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  return { wall, used: (user + system) / 1000 };
}
