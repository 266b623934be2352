import type { AgentHttp } from './agent.http.js';
import { type Finding, NothingToJudge, broken, held } from './check.js';
import { WatchStream } from './watch.stream.js';

/** The stream that the first check opens and that stays open during all other checks. */
export class WatchSession {
  readonly http: AgentHttp;
  readonly stop: AbortSignal;
  #stream?: WatchStream;
  #isJudged = false;

  constructor(http: AgentHttp, stop: AbortSignal) {
    this.http = http;
    this.stop = stop;
  }

  /** @throws {NoAnswerError} */
  async open(): Promise<WatchStream> {
    this.#stream = await WatchStream.open(this.http);
    return this.#stream;
  }

  /** @throws {NothingToJudge} if the agent did not answer */
  get stream(): WatchStream {
    if (!this.#stream) throw new NothingToJudge('/watch was not answered');
    return this.#stream;
  }

  /** @throws {NothingToJudge} if the answer is not an event stream */
  get eventStream(): WatchStream {
    const { stream } = this;
    if (!isEventStream(stream)) throw new NothingToJudge('/watch did not answer with an event stream');
    return stream;
  }

  /** @throws {NothingToJudge} if the stream did not send `connected` */
  get connectedStream(): WatchStream {
    if (!this.#isJudged) throw new NothingToJudge('the stream did not send connected');
    return this.eventStream;
  }

  async firstEvent(): Promise<Finding> {
    const finding = await connectedFirst(this.eventStream, this);
    this.#isJudged = finding.kind === 'held';
    return finding;
  }

  close(): void {
    this.#stream?.close();
  }
}

/** Opens another stream, waits for its first event, and closes it. */
export async function briefStream(session: Pick<WatchSession, 'http' | 'stop'>): Promise<Finding> {
  const stream = await WatchStream.open(session.http);
  try {
    if (!isEventStream(stream)) return broken(`${stream.response.statusCode}, not an event stream`);
    return await connectedFirst(stream, session);
  } finally {
    stream.close();
  }
}

function isEventStream({ response }: WatchStream): boolean {
  const type = response.headers['content-type'] ?? '';
  return response.statusCode === 200 && /^text\/event-stream\s*(;|$)/i.test(type);
}

async function connectedFirst(
  stream: WatchStream,
  { http, stop }: Pick<WatchSession, 'http' | 'stop'>,
): Promise<Finding> {
  const end = performance.now() + http.timeout;
  // Comments may come before the first event.
  while (stream.events.length === 0 && stream.ended === undefined && performance.now() < end) {
    await stream.untilSigns(stream.signs.length + 1, end - performance.now(), stop);
  }
  const [first] = stream.events;
  if (!first) return broken(stream.ended ?? `no event within ${http.timeout} ms`);
  if (first.event !== 'connected') return broken(`the first event is "${first.event}"`);
  return held(`after ${Math.max(0, Math.round(first.at - stream.openedAt))} ms`);
}
