import { describe, expect, it } from '@jest/globals';
import { parseProcessStat } from '../../../lib/registration-file/process-stat.js';

const stat = (state: string, threads: number) =>
  `7 (my node) x) ${state} 1 7 7 0 -1 4194304 99 0 0 0 0 0 0 0 20 0 ${threads} 0 2825627 3133440 390 1`;

describe('parseProcessStat', () => {
  it('reads the start, whatever the name of the program is', () => {
    expect(parseProcessStat(stat('S', 11))).toEqual({ isZombie: false, started: '2825627' });
  });

  it('tells of a process that has ended', () => {
    expect(parseProcessStat(stat('Z', 1)).isZombie).toBe(true);
    expect(parseProcessStat(stat('Z', 0)).isZombie).toBe(true);
  });

  it('takes a process for running until its last thread has ended', () => {
    expect(parseProcessStat(stat('Z', 3)).isZombie).toBe(false);
  });

  it('knows nothing of another text', () => {
    expect(parseProcessStat('')).toEqual({ isZombie: false, started: undefined });
  });
});
