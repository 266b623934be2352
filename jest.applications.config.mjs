import base from './jest.config.mjs';

/** Applications that Nest's generators make: see test/applications. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/applications/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/applications/support/prepare.mjs',
  globalTeardown: '<rootDir>/test/applications/support/clean-up.mjs',
  testTimeout: 240_000,
  // Half of the time belongs to tools that run in processes of their own.
  maxWorkers: 2,
};
