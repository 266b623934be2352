import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from './support/cli.process.js';

describe('nestjs-sidecar-agent --version', () => {
  let cwd: string;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-version-'));
  });

  afterEach(() => rm(cwd, { recursive: true }));

  it.each(['--version', '-v'])('prints the version of the package for %s', async (option) => {
    const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(text) as { version: string };
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(await runCli(cwd, option)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('is in the help', async () => {
    const { stdout } = await runCli(cwd, '--help');
    expect(stdout).toMatch(/^ {2}-v, --version +print the version$/m);
  });
});
