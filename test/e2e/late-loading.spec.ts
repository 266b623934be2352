import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ScriptedAgent } from '../support/scripted-agent.js';

const MAIN = join(import.meta.dirname, '../support/too-many-files-main.mjs');

describe('what the module loads late', () => {
  let agent: ScriptedAgent;

  beforeEach(async () => {
    agent = await new ScriptedAgent().listen();
  });

  afterEach(() => agent.close());

  it('is loaded at the next try if no file could be opened at the first', async () => {
    const command = `ulimit -n 256 && exec "${process.execPath}" "${MAIN}"`;
    const env = { ...process.env, AGENT: agent.url };
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { env, timeout: 15_000 });
    expect(JSON.parse(stdout)).toEqual({
      call: expect.stringContaining('EMFILE'),
      watch: expect.stringContaining('EMFILE'),
      later: { call: 'deregister_ok', watch: 'connected' },
    });
  });
});
