import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { manifest } from './support/install.mjs';

interface Locked {
  readonly deprecated?: string;
  readonly hasInstallScript?: boolean;
}

const { allowScripts } = manifest as { allowScripts: Record<string, boolean> };
const lock = readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8');
const packages = Object.entries((JSON.parse(lock) as { packages: Record<string, Locked> }).packages);
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('npm ci', () => {
  it('has no reason to warn of a deprecated package', () => {
    expect(packages.filter(([, { deprecated }]) => deprecated !== undefined)).toEqual([]);
  });

  it('has no reason to warn of an install script that nobody has reviewed', () => {
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = scripted.map(([path]) => nameOf(path));
    expect(Object.keys(allowScripts).sort()).toEqual(names.sort());
  });
});
