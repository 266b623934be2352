import { describe, expect, it } from '@jest/globals';
import { HELP, readArguments, UsageError } from '../../../bench/src/arguments.js';
import { BENCHMARK_NAMES, CATALOGUE } from '../../../bench/src/catalogue.js';

describe('readArguments', () => {
  it('runs everything by default', () => {
    expect(readArguments([])).toEqual({
      only: BENCHMARK_NAMES,
      quick: false,
      prof: false,
      compare: undefined,
    });
  });

  it('reads all options', () => {
    expect(readArguments(['--quick', '--prof', '--compare', 'old.json', '--only', 'status'])).toEqual({
      only: ['status'],
      quick: true,
      prof: true,
      compare: 'old.json',
    });
  });

  it.each([
    [['--only', 'status,register']],
    [['--only', 'status', '--only', 'register']],
    [['--only=status, register,status']],
  ])('reads %j as a list, in the order of the catalogue and without repeats', (args) => {
    expect(readArguments(args)).toMatchObject({ only: ['register', 'status'] });
  });

  it.each([
    [['--only', 'status,statuss'], /must be measurements of watch, register, .*, got statuss/],
    [['--only', 'toString'], /got toString/],
    [['--only', ''], /--only: must be measurements of/],
    [['--fast'], /--fast/],
    [['--compare'], /--compare/],
    [['status'], /status/],
  ])('refuses %j', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(message);
  });

  it('shows its help, which names every measurement', () => {
    expect(readArguments(['--help'])).toBe('help');
    for (const [name, what] of Object.entries(CATALOGUE))
      expect(HELP).toMatch(new RegExp(`${name} +${what}`));
  });
});
