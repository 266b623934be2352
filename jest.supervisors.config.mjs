import base from './jest.config.mjs';

/** Real supervisors, which npm fetches for the run: see the script `test:supervisors`. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/supervisors/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
};
