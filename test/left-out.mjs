// Says after `npm test` which specs it has left out, since they need a Consul or a browser.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const LEFT_OUT = [
  { folder: 'consul', needs: 'a real Consul', script: 'test:consul' },
  { folder: 'browser', needs: 'a real Chromium', script: 'test:browser' },
];

for (const { folder, needs, script } of LEFT_OUT) {
  const names = readdirSync(join(import.meta.dirname, folder));
  const scenes = names.flatMap((name) => /^(.+)\.spec\.ts$/.exec(name)?.[1] ?? []);
  console.log(`Left out: ${scenes.join(', ')} on ${needs}. npm run ${script} runs them.`);
}
