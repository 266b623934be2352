import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { MAIN } from './support/cli.process.js';

/** Exits with 40 and the number of signals that came within half a second after the first. */
const COUNT = (signal: string) => `
  let count = 0;
  const stay = setInterval(() => {}, 1_000);
  process.on('${signal}', () => ++count > 1 || setTimeout(() => process.exit(40 + count), 500));
  console.log('run is ' + process.ppid);`;

interface Case {
  /** What the shell adds to the command. */
  readonly input?: string;
  readonly signal?: NodeJS.Signals;
  /** Sends the signal. */
  readonly send: (terminal: ChildProcessWithoutNullStreams, run: number) => void;
}

describe('nestjs-sidecar-agent run, in a terminal', () => {
  let terminal: ChildProcessWithoutNullStreams;

  afterEach(() => void terminal.kill('SIGKILL'));

  it.each<[string, Case]>([
    ['Ctrl-C', { send: ({ stdin }) => stdin.write('\x03') }],
    [
      'Ctrl-C, if its input is no terminal',
      { input: '</dev/null', send: ({ stdin }) => stdin.write('\x03') },
    ],
    ['Ctrl-\\', { signal: 'SIGQUIT', send: ({ stdin }) => stdin.write('\x1c') }],
    ['a SIGINT that it gets alone', { send: (_, run) => process.kill(run, 'SIGINT') }],
    ['a SIGTERM', { signal: 'SIGTERM', send: (_, run) => process.kill(run, 'SIGTERM') }],
  ])('passes on once: %s', async (_, { input = '', signal = 'SIGINT', send }) => {
    const command = [process.execPath, MAIN, 'run', '--', process.execPath, '-e', COUNT(signal)];
    const line = `exec ${command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')} ${input}`;
    // Of util-linux: it runs the command in a terminal of its own, and exits with its code.
    terminal = spawn('script', ['-qec', line, '/dev/null'], { env: { ...process.env, SHELL: '/bin/sh' } });
    const ended = once(terminal, 'exit');
    let output = '';
    let isSent = false;
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [, run] = /run is (\d+)\s/.exec(output) ?? [];
      if (run === undefined || isSent) return;
      isSent = true;
      send(terminal, Number(run));
    });
    expect(await ended).toEqual([41, null]);
  });
});
