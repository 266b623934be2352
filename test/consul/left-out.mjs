// Says after `npm test` which specs it has left out, since they need a Consul.
import { readdirSync } from 'node:fs';

const scenes = readdirSync(import.meta.dirname).flatMap((name) => /^(.+)\.spec\.ts$/.exec(name)?.[1] ?? []);
console.log(`Left out: ${scenes.join(', ')} on a real Consul. npm run test:consul runs them.`);
