import base from './jest.config.mjs';

/**
 * Other packages of a Nest application beside the module, which npm installs for the run: see the
 * script `test:companions`.
 */
export default {
  ...base,
  testMatch: ['<rootDir>/test/companions/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: '100%',
};
