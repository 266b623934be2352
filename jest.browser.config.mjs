import base from './jest.config.mjs';

/** The agent's page in a real Chromium, which must be installed: see `npm run test:browser`. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // The browser shares the cores with them.
  maxWorkers: '100%',
};
