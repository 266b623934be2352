import { describeSummary, say } from './report.js';
import { rollingRestart } from './rolling.restart.js';
import { readSettings, type Settings, UsageError } from './settings.js';

process.exitCode = await main(process.argv.slice(2));

/** Returns the exit code: 1 if a call failed that should not have. */
async function main(args: readonly string[]): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings(args);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    return 2;
  }
  say(`Routers learn ${settings.lag / 1_000} s after the agent`);
  const outcome = await rollingRestart(settings.lag);
  for (const [service, summary] of Object.entries(outcome.services)) {
    for (const line of describeSummary(service, summary)) say(line);
  }
  if (settings.json) say(JSON.stringify(outcome));
  return Object.values(outcome.services).every(({ failed }) => failed === 0) ? 0 : 1;
}
