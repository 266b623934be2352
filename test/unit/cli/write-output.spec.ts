import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeOutput } from '../../../lib/cli/write-output.js';

describe('writeOutput', () => {
  let folder: string;
  const path = (...names: string[]) => join(folder, ...names);
  const read = (...names: string[]) => readFileSync(path(...names), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'write-output-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes a file and its directories, and leaves nothing else behind', () => {
    writeOutput(path('a', 'b', 'c.json'), 'new');
    expect(read('a', 'b', 'c.json')).toBe('new');
    expect(readdirSync(path('a', 'b'))).toEqual(['c.json']);
  });

  it('replaces a plain file as a whole, with the mode that it has', () => {
    writeFileSync(path('a'), 'old');
    chmodSync(path('a'), 0o640);
    const before = statSync(path('a')).ino;
    writeOutput(path('a'), 'new');
    expect(read('a')).toBe('new');
    expect(statSync(path('a')).ino).not.toBe(before);
    expect(statSync(path('a')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('writes through links, relative ones and links to links', () => {
    mkdirSync(path('real'));
    writeFileSync(path('real', 'a'), 'old');
    symlinkSync(join('real', 'a'), path('one'));
    symlinkSync(path('one'), path('two'));
    writeOutput(path('two'), 'new');
    expect(read('real', 'a')).toBe('new');
    expect(['one', 'two'].map((name) => lstatSync(path(name)).isSymbolicLink())).toEqual([true, true]);
    expect(readdirSync(path('real'))).toEqual(['a']);
  });

  it('creates the file that a link leads to', () => {
    symlinkSync(join('real', 'a'), path('link'));
    writeOutput(path('link'), 'new');
    expect(read('real', 'a')).toBe('new');
    expect(lstatSync(path('link')).isSymbolicLink()).toBe(true);
  });

  it('writes into a FIFO, which stays one', async () => {
    execFileSync('mkfifo', [path('fifo')]);
    const reader = spawn('cat', [path('fifo')]);
    const received = textOf(reader.stdout);
    writeOutput(path('fifo'), 'new');
    expect(await received).toBe('new');
    expect(lstatSync(path('fifo')).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(['fifo']);
  });

  it('fails for a folder and for links that lead round, and changes nothing', () => {
    symlinkSync('round', path('round'));
    mkdirSync(path('folder'));
    expect(() => writeOutput(path('folder'), 'new')).toThrow('EISDIR');
    expect(() => writeOutput(path('round'), 'new')).toThrow('ELOOP');
    expect(readdirSync(folder).sort()).toEqual(['folder', 'round']);
  });
});
