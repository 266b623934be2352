import { AgentPage } from '../agent-page/server/agent-page.js';
import { EmbeddedAgent } from '../testing/embedded-agent.js';
import { EmbeddedAgentError } from '../testing/embedded-agent.error.js';
import type { AgentArguments } from './agent-arguments.js';
import { asInCommands, listenFailure } from './agent-listen-error.js';
import { BoundedOutput } from './bounded-output.js';
import { CliError } from './cli.error.js';
import { momentLine, MomentLines } from './moment-lines.js';

/** The signals that end the agent. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs an agent with its page, and prints what happens to it, until a signal ends it or nobody
 * reads what it prints.
 *
 * @returns the exit code
 * @throws {CliError} if the agent cannot listen, be it after a restart
 */
export async function runAgent(args: AgentArguments, warn: (line: string) => void): Promise<number> {
  const { port, socketPath, dialect, hasChaos, isJson } = args;
  const stopped = stopAsked();
  const agent = createAgent({ port, socketPath, dialect });
  const page = new AgentPage(agent, { chaos: hasChaos });
  const output = new BoundedOutput(process.stdout, warn);
  const print = (line: string) => output.write(line);
  const lines = new MomentLines();
  page.moments.listen((moment) => print(isJson ? JSON.stringify(moment) : lines.write(moment)));
  const failed = new Promise<never>((_, reject) => {
    page.moments.listen(({ event, text }) => {
      if (event === 'failed') reject(new CliError(asInCommands(text), 1));
    });
  });
  failed.catch(() => undefined);
  await start(agent, port);
  print(
    isJson ? pageEvent(agent.url, hasChaos) : momentLine(new Date(), 'page', pageText(agent.url, hasChaos)),
  );
  try {
    await Promise.race([stopped, failed]);
  } finally {
    await agent.stop();
    output.end();
  }
  return 0;
}

function pageText(url: string, hasChaos: boolean): string {
  return `${url}/ shows what the agent holds${hasChaos ? ', and lets it fail' : ''}`;
}

function pageEvent(url: string, hasChaos: boolean): string {
  const at = new Date().toISOString();
  return JSON.stringify({ event: 'page', at, text: pageText(url, hasChaos), url: `${url}/` });
}

function createAgent(options: ConstructorParameters<typeof EmbeddedAgent>[0]): EmbeddedAgent {
  try {
    return new EmbeddedAgent(options);
  } catch (cause) {
    if (!(cause instanceof EmbeddedAgentError)) throw cause;
    // The parser has checked the other options.
    const faults = cause.data.faults instanceof Array ? cause.data.faults.map(String) : [cause.message];
    throw new CliError(faults.join('; ').replace(/^socketPath:/, '--socket'), 2, { cause });
  }
}

async function start(agent: EmbeddedAgent, port: number): Promise<void> {
  try {
    await agent.start();
  } catch (cause) {
    if (!(cause instanceof EmbeddedAgentError)) throw cause;
    throw new CliError(listenFailure(cause, port), 1, {
      cause,
    });
  }
}

/** Resolves when the process is asked to end, or the reader of its output has gone. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
    process.stdout.on('error', () => resolve());
  });
}
