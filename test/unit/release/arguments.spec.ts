import { describe, expect, it } from '@jest/globals';
import { readArguments, USAGE } from '../../../scripts/release/arguments.mjs';

describe('the command line of the release', () => {
  it('is a version and options', () => {
    expect(readArguments(['minor'], {})).toEqual({ target: 'minor', dryRun: false, repository: undefined });
    expect(readArguments(['--dry-run', '1.2.3', '--repository', 'URL'], {})).toEqual({
      target: '1.2.3',
      dryRun: true,
      repository: 'URL',
    });
  });

  it('knows of a --dry-run that npm has kept for itself', () => {
    expect(readArguments(['minor'], { npm_config_dry_run: 'true' }).dryRun).toBe(true);
    expect(readArguments(['minor'], { npm_config_dry_run: '' }).dryRun).toBe(false);
  });

  it.each([
    [[], 'expected one version, got 0'],
    [['minor', 'patch'], 'expected one version, got 2'],
    [['minor', '--push'], "Unknown option '--push'"],
    [['minor', '--repository'], "Option '--repository <value>' argument missing"],
  ])('refuses %j and shows the usage', (args: string[], message) => {
    expect(() => readArguments(args, {})).toThrow(message);
    expect(() => readArguments(args, {})).toThrow(USAGE);
  });
});
