import { rmSync } from 'node:fs';

export default function cleanUp() {
  rmSync(process.env.APPLICATIONS, { recursive: true, force: true });
}
