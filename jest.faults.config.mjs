import base from './jest.config.mjs';

/**
 * The long part of the suite: what goes wrong, on real sockets and processes, rolling restarts, and
 * thousands of reconnects.
 */
export default {
  ...base,
  testMatch: ['<rootDir>/test/{faults,endurance}/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Some of them compare waits, which a worker more would stretch.
  maxWorkers: '100%',
};
