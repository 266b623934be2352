import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { isAlive, thisProcess } from '../../../lib/registration-file/kept-process.js';

/** Prints the mark of the shell, and waits. */
const PRINT_START =
  'echo $(cut -c1-8 /proc/sys/kernel/random/boot_id)-$(cut -d" " -f22 /proc/$$/stat); exec sleep 10';

describe('isAlive', () => {
  it('is true for this process, and false for an earlier one with its id', () => {
    expect(isAlive(thisProcess())).toBe(true);
    expect(isAlive({ pid: process.pid, started: 'earlier' })).toBe(false);
  });

  it('is false for a process that has ended', async () => {
    const child = spawn(process.execPath, ['-v'], { stdio: 'ignore' });
    await once(child, 'exit');
    expect(isAlive({ pid: child.pid ?? 0, started: 'earlier' })).toBe(false);
  });

  it('is true for another process that runs', async () => {
    const child = spawn('sh', ['-c', PRINT_START], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    const started = text.toString().trim();
    expect(started).toMatch(/^[\da-f]{8}-\d+$/);
    expect(isAlive({ pid: child.pid ?? 0, started })).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive({ pid: child.pid ?? 0, started })).toBe(false);
  });

  it('is false for a process that has ended and whose parent has not noticed', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 10'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [text] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(text);
    await eventually(() => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
    // It is there for the system.
    expect(process.kill(pid, 0)).toBe(true);
    expect(isAlive({ pid, started: 'earlier' })).toBe(false);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  });
});
