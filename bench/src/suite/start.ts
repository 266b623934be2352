import type { AppSettings } from '../ends/app.js';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { alternate, type Outcome } from '../rounds.js';
import { freePort } from '../support/free-port.js';
import { OtherEnd } from '../support/other-end.js';
import { measureSettledApp } from '../support/settled-app.js';

/** An application at the end of `listen()`: milliseconds since the start, of CPU, and bytes. */
interface Listening {
  readonly at: number;
  readonly cpu: number;
  readonly rss: number;
}

/** Starts processes one after the other, alternately with and without the module. */
export const benchmark: Benchmark = { run: measureStart };

async function measureStart({ rounds }: Scale): Promise<Figure[]> {
  const agent = await OtherEnd.start('agent', { heartbeatInterval: 200 });
  const url = await agent.ask<string>('url');
  // A start is short, so other load on the machine has more weight: use more rounds.
  const started = await startBySide(rounds * 2, url);
  const settled = await settledRss(rounds, { agent: url });
  const byHand = await settledRss(rounds, { watched: url });
  const unoptimized = await settledRss(rounds, { agent: url }, ['--liftoff-only']);
  await agent.stop();
  const against = 'the same gRPC application without the module';
  return [
    {
      id: 'start.listen',
      what: 'from the start of the process to the end of listen()',
      unit: 'ms',
      against,
      ...started.at,
      goals: [{ of: 'difference', atMost: 60 }],
    },
    {
      id: 'start.cpu',
      what: 'CPU until the end of listen()',
      unit: 'ms',
      against,
      ...started.cpu,
      goals: [],
    },
    {
      id: 'start.rss.listen',
      what: 'resident memory at the end of listen()',
      unit: 'MB',
      against,
      ...started.rss,
      goals: [],
    },
    {
      id: 'start.rss',
      what: 'resident memory one second after the register, after a collection',
      unit: 'MB',
      against,
      ...settled,
      goals: [{ of: 'difference', atMost: 12 }],
    },
    {
      id: 'start.rss.by-hand',
      what: 'the same for an application that reads the stream with only undici and eventsource',
      unit: 'MB',
      against,
      ...byHand,
      goals: [],
    },
    {
      id: 'start.rss.unoptimized',
      what: "start.rss in processes in which V8 does not optimize undici's WebAssembly parser",
      unit: 'MB',
      against,
      ...unoptimized,
      goals: [],
    },
  ];
}

async function startBySide(rounds: number, agent: string): Promise<Record<keyof Listening, Outcome>> {
  const seen: Record<'baseline' | 'subject', Listening[]> = { baseline: [], subject: [] };
  const side = (name: keyof typeof seen, settings: Omit<AppSettings, 'port'>) => async () => {
    const app = await OtherEnd.start('app', { port: await freePort(), ...settings });
    const listening = await app.ask<Listening>('listening');
    await app.stop();
    seen[name].push(listening);
    return listening.at;
  };
  await alternate(rounds, { baseline: side('baseline', {}), subject: side('subject', { agent }) });
  const outcome = (of: keyof Listening, scale = 1): Outcome => ({
    baseline: seen.baseline.slice(1).map((listening) => listening[of] / scale),
    subject: seen.subject.slice(1).map((listening) => listening[of] / scale),
  });
  return { at: outcome('at'), cpu: outcome('cpu'), rss: outcome('rss', 1e6) };
}

/** Measures the memory in MB some time after the start. */
function settledRss(
  rounds: number,
  subject: Omit<AppSettings, 'port'>,
  flags: readonly string[] = [],
): Promise<Outcome> {
  const measure = async (settings: typeof subject) => (await measureSettledApp(settings, flags)).rss;
  return alternate(rounds, { baseline: () => measure({}), subject: () => measure(subject) });
}
