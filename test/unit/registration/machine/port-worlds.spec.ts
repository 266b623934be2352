import { describe, it } from '@jest/globals';
import fc, { runs } from '../../../support/fast-check.js';
import { PortWorld, WORLD_MOVES, type WorldMove } from '../../fixtures/port-world.js';

const index = fc.nat({ max: 4 });
const moves = fc.array(fc.tuple(fc.constantFrom<WorldMove>(...WORLD_MOVES), index), {
  maxLength: 60,
  size: 'max',
});
const order = fc.array(index, { maxLength: 5 });

describe.each(['node', 'flat', null] as const)('workers that share a port, in the dialect %s', (dialect) => {
  it('the agent holds what one of them wants, and nothing when all have left', () => {
    fc.assert(
      fc.property(moves, order, (played, leaving) => {
        const world = new PortWorld(dialect);
        world.play('join', 0);
        for (const [move, worker] of played) world.play(move, worker);
        world.settle();
        world.check();
        world.leaveAll(leaving);
        world.check();
      }),
      { numRuns: runs(3_000) },
    );
  });
});
