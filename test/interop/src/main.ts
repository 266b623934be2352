import { HELP } from './help.js';
import { type InteropOptions, UsageError, readOptions } from './options.js';
import { UnreachableError, requireListener } from './reachability.js';
import { Report } from './report.js';
import { StoppedError, stopSignal } from './stop-signal.js';
import { Suite } from './suite.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const warn = (line: string): void => void process.stderr.write(`test:interop: ${line}\n`);

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args, process.env);
    if (options === 'help') {
      say(HELP);
      return 0;
    }
    return await examine(options);
  } catch (error) {
    if (error instanceof UsageError) {
      warn(`${error.message} (see --help)`);
      return 2;
    }
    if (!(error instanceof UnreachableError || error instanceof StoppedError)) throw error;
    warn(error.message);
    return 1;
  }
}

async function examine(options: InteropOptions): Promise<number> {
  const stop = stopSignal();
  await requireListener(options.url, options.timeout);
  say(`sidecar-agent at ${options.url.href.replace(/\/$/, '')}`);
  const report = new Report(say, Suite.widths);
  await new Suite({ options, report, stop, warn }).run();
  report.summary();
  return report.allHeld ? 0 : 1;
}
