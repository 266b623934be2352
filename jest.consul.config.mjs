import base from './jest.config.mjs';

/** Services on a real Consul, which a script unpacks for the run: see the script `test:consul`. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/consul/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  setupFiles: ['<rootDir>/test/consul/support/without-environment.mjs'],
  testTimeout: 60_000,
  // Their servers share the cores with them.
  maxWorkers: '100%',
};
