import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { isAlive, lifeOf, thisProcess } from '../../../lib/registration-file/kept-process.js';

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
    // The shell would notice a child that ends before `exec`; the second `sleep` notices none.
    const parent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 10'], {
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

describe('lifeOf a process of another container', () => {
  const HOST = 'pid:[4026531836]';
  const here = { ...thisProcess(), pidNamespace: 'pid:[2]', host: 'pod-2' };
  const there = {
    ...thisProcess(),
    pid: 7,
    started: `${here.started}0`,
    pidNamespace: 'pid:[1]',
    host: 'pod-1',
  };

  it('it has ended, if the container was started again', () => {
    expect(lifeOf({ ...there, host: 'pod-2' }, here)).toBe('ended');
  });

  it('it is hidden, if it may run in another one', () => {
    expect(lifeOf(there, here)).toBe('hidden');
    expect(isAlive({ ...there, pidNamespace: 'pid:[1]', started: 'earlier-1' })).toBe(true);
  });

  it('one with the same ids is another one', () => {
    expect(lifeOf({ ...there, pid: process.pid, started: here.started }, { ...here, started: 'x-1' })).toBe(
      'hidden',
    );
  });

  it('it has ended, if the host does not see it', () => {
    expect(lifeOf(there, { ...here, pidNamespace: HOST })).toBe('ended');
  });

  it('it runs, if the host sees it with the same start', async () => {
    const child = spawn('sh', ['-c', PRINT_START], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    const kept = { ...there, pid: child.pid ?? 0, started: text.toString().trim() };
    expect(lifeOf(kept, { ...here, pidNamespace: HOST })).toBe('runs');
    expect(lifeOf({ ...kept, pid: 1 }, { ...here, pidNamespace: HOST })).toBe('ended');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(lifeOf(kept, { ...here, pidNamespace: HOST })).toBe('ended');
  });

  it('on another machine, or before the last boot, it has ended if it had the host name', () => {
    const before = { ...there, started: 'earlier-1', pidNamespace: HOST };
    expect(lifeOf({ ...before, host: 'pod-2' }, { ...here, pidNamespace: HOST })).toBe('ended');
    expect(lifeOf(before, { ...here, pidNamespace: HOST })).toBe('hidden');
  });
});
