import { describe, expect, it } from '@jest/globals';
import { readFlags } from '../../../lib/schematics/add-flags.js';

describe('readFlags', () => {
  it('has a default for each flag', () => {
    expect(readFlags({})).toEqual({ run: 'managed', health: true, test: true, skipInstall: false });
  });

  it('takes what the Nest CLI passes on', () => {
    const given = {
      run: 'hooks',
      health: 'false',
      test: false,
      p: 'shop',
      s: true,
      sourceRoot: 'apps/shop/src',
    };
    expect(readFlags(given)).toEqual({
      run: 'hooks',
      health: false,
      test: false,
      project: 'shop',
      sourceRoot: 'apps/shop/src',
      skipInstall: true,
    });
  });

  it('ignores a source root that nest-cli.json does not have', () => {
    expect(readFlags({ sourceRoot: 'undefined' }).sourceRoot).toBeUndefined();
  });

  it('takes --no-health and --no-test for false, although the command of Nest 12 says true', () => {
    const given = { health: true, test: true };
    expect(readFlags(given, ['--no-health', '--no-test'])).toMatchObject({ health: false, test: false });
  });

  it.each([
    [['--run=managed'], true],
    [['--run', 'managed'], true],
    [['--running', '--health'], undefined],
  ])('knows from %j whether --run was written out', (argv, isRunChosen) => {
    expect(readFlags({ run: 'managed' }, argv).isRunChosen).toBe(isRunChosen);
  });

  it.each([
    [
      { run: 'hook' },
      '--run: must be managed or hooks, got hook (did you mean `hooks`?). Write --run=managed or',
    ],
    [{ run: true }, '--run: must be managed or hooks, got true. Write'],
    [{ health: 'perhaps' }, '--health: must be true or false, got perhaps. Write --health or --health=false'],
    [{ test: 1 }, '--test: must be true or false, got 1. Write --test or --test=false'],
    [{ skipInstall: 'x' }, '--skip-install: must be true or false, got x.'],
    [{ project: true }, '--project: must be the name of one project, got true. Write --project=shop'],
    [{ project: ['a', 'b'] }, '--project: must be the name of one project, got ["a","b"].'],
    [{ healht: true }, '--healht: unknown flag (did you mean `health`?). Flags: --run, --health, --test'],
    [{ skipInstal: true }, '--skip-instal: unknown flag (did you mean `skip-install`?).'],
    [{ d: true }, '-d: schematics do not know it. Write --dry-run'],
  ])('refuses %j', (given, message) => {
    expect(() => readFlags(given)).toThrow(message);
  });
});
