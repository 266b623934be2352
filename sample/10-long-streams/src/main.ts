import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { Follower, type Received } from './follower.js';
import { Instance } from './instance.js';

/** How many ticks the client gets of an instance before and after the move. */
const TICKS = 100;

process.exitCode = await main();

/** Returns the exit code: 1 if a tick was lost or came twice. */
async function main(): Promise<number> {
  const agent = new EmbeddedAgent();
  await agent.start();
  const instances = ['ticker-1', 'ticker-2'].map((id) => new Instance(id, agent));
  const follower = new Follower(() =>
    agent
      .services()
      .filter(({ state }) => state === 'Serving')
      .map(({ port }) => port),
  );
  try {
    await Promise.all(instances.map((instance) => instance.serving(agent)));
    const followed = follower.run();
    await Promise.race([move(follower, instances), followed]);
    follower.stop();
    await followed;
    return report(follower.received);
  } finally {
    follower.stop();
    for (const instance of instances) instance.kill();
    await Promise.all(instances.map(({ ended }) => ended));
    await agent.stop();
  }
}

/** Ends the instance that the client follows, and waits until it follows the other one. */
async function move(follower: Follower, instances: readonly Instance[]): Promise<void> {
  await follower.has(TICKS, () => true);
  const first = follower.received[0]?.instance;
  const old = instances.find(({ id }) => id === first);
  process.stdout.write(`Following ${first}, which gets SIGTERM\n`);
  old?.terminate();
  await follower.has(TICKS, (id) => id !== first);
  process.stdout.write(`${first} exited with ${await old?.ended}\n`);
}

function report(ticks: readonly Received[]): number {
  const numbers = ticks.map(({ number }) => number);
  const repeated = numbers.length - new Set(numbers).size;
  const lost = Math.max(...numbers) + 1 - new Set(numbers).size;
  const index = ticks.findIndex(({ instance }, at) => at > 0 && instance !== ticks[at - 1]?.instance);
  const [before, after] = [ticks[index - 1], ticks[index]];
  if (before && after) {
    const took = Math.round(after.at - before.at);
    process.stdout.write(`Moved from ${before.instance} to ${after.instance} in ${took} ms\n`);
  }
  process.stdout.write(`${ticks.length} ticks, ${lost} lost, ${repeated} repeated\n`);
  return lost === 0 && repeated === 0 && before ? 0 : 1;
}
