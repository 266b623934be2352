import { AgentCalls } from './agent.calls.js';
import { AgentHttp, NoAnswerError } from './agent.http.js';
import { badInputTopic } from './checks/bad-input.checks.js';
import { deregisterTopic, drainTopic, versionsTopic } from './checks/leave.checks.js';
import { reconnectTopic } from './checks/reconnect.checks.js';
import { registerTopic, replayTopic } from './checks/register.checks.js';
import { streamTopic } from './checks/stream.checks.js';
import { watchTopic } from './checks/watch.checks.js';
import { DialectSession, type ThrowawayPair } from './dialect.session.js';
import type { InteropOptions } from './options.js';
import { errorDialect } from './reply.js';
import type { Report, TableWidths } from './report.js';
import { runTopics } from './run-topics.js';
import { ThrowawayService } from './throwaway.service.js';
import { WatchSession } from './watch.session.js';
import type { Dialect } from './wire-bodies.js';

const DIALECT_TOPICS = [
  registerTopic,
  replayTopic,
  drainTopic,
  deregisterTopic,
  versionsTopic,
  badInputTopic,
  reconnectTopic,
];

export interface SuiteContext {
  readonly options: InteropOptions;
  readonly report: Report;
  readonly stop: AbortSignal;
  /** Called for each instance that could not be deregistered. */
  readonly warn: (line: string) => void;
}

/** All checks: of a new stream, of the calls in each dialect, of the stream at the end. */
export class Suite {
  readonly #context: SuiteContext;
  readonly #http: AgentHttp;

  constructor(context: SuiteContext) {
    this.#context = context;
    this.#http = new AgentHttp(context.options.url, context.options.timeout);
  }

  /** The widths of the table, from the texts of all checks. */
  static get widths(): TableWidths {
    const topics = [watchTopic, streamTopic, ...DIALECT_TOPICS];
    const titles = topics.flatMap(({ checks }) => checks.map(({ title }) => title.length));
    return { topic: Math.max(...topics.map(({ name }) => name.length)), title: Math.max(...titles) };
  }

  /** @throws the reason of `stop` */
  async run(): Promise<void> {
    const { options, report, stop } = this.#context;
    const watch = new WatchSession(this.#http, stop);
    try {
      report.heading('any dialect');
      await runTopics([watchTopic], watch, report, stop);
      const dialect = options.dialect === 'auto' ? await this.#findDialect() : options.dialect;
      const speaksBoth = await this.#runDialect(dialect);
      if (speaksBoth && options.dialect === 'auto') await this.#runDialect('flat');
      report.heading('any dialect, at the end');
      await runTopics([streamTopic], watch, report, stop);
    } finally {
      watch.close();
    }
  }

  /** Registers in the `node` dialect, like a service; a refusal in the flat shape means `flat`. */
  #findDialect(): Promise<Dialect> {
    return this.#visit(async (calls, { spare }) => {
      try {
        const reply = await calls.register('node', spare.draft);
        return reply.status === 400 && errorDialect(reply) === 'flat' ? 'flat' : 'node';
      } catch (error) {
        if (error instanceof NoAnswerError) return 'node';
        throw error;
      }
    });
  }

  #runDialect(dialect: Dialect): Promise<boolean> {
    const { report, stop } = this.#context;
    return this.#visit(async (calls, services) => {
      const session = new DialectSession({ dialect, http: this.#http, calls, stop, services });
      report.heading(`${dialect} dialect`);
      await runTopics(DIALECT_TOPICS, session, report, stop, dialect);
      return session.speaksBoth;
    });
  }

  /** Provides two services that listen; deregisters everything, then closes their ports. */
  async #visit<T>(use: (calls: AgentCalls, services: ThrowawayPair) => Promise<T>): Promise<T> {
    const calls = new AgentCalls(this.#http, this.#context.stop);
    const services = { main: await ThrowawayService.listen(), spare: await ThrowawayService.listen() };
    try {
      return await use(calls, services);
    } finally {
      for (const left of await calls.leaveAll()) this.#context.warn(`could not deregister ${left}`);
      services.main.close();
      services.spare.close();
    }
  }
}
