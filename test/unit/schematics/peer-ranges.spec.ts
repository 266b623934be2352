import { describe, expect, it } from '@jest/globals';
import { RANGES } from '../../../lib/schematics/application/peer-ranges.js';
import { read } from '../../docs/support/pages.js';

const { peerDependencies } = JSON.parse(read('package.json')) as {
  peerDependencies: Record<string, string>;
};

describe.each(Object.entries(RANGES))('the range of %s', (name, range) => {
  it.each([11, 12] as const)('is the one of package.json for Nest %i', (nest) => {
    const ranges = (peerDependencies[name] ?? '').split(' || ');
    const own = ranges.length === 1 ? ranges : ranges.filter((each) => each.startsWith(`^${nest}.`));
    expect([range(nest)]).toEqual(own);
  });
});
