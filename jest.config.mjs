import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  // These take longer than all the rest, or need other packages: `npm run test:faults`,
  // `npm run test:supervisors`, `npm run test:applications`, `npm run test:companions`,
  // `npm run test:consul`, `npm run test:browser`.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/faults/',
    '<rootDir>/test/endurance/',
    '<rootDir>/test/supervisors/',
    '<rootDir>/test/applications/',
    '<rootDir>/test/companions/',
    '<rootDir>/test/consul/',
    '<rootDir>/test/browser/',
  ],
  // The copies of the project that mutation tests run in.
  modulePathIgnorePatterns: ['<rootDir>/.stryker-tmp/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  coverageProvider: 'v8',
  // The script of the agent's page runs in a browser.
  collectCoverageFrom: ['lib/**/*.ts', '!lib/agent-page/client/**'],
  testTimeout: 20_000,
  // Much of the suite waits for processes, sockets and timers: as many workers as cores would leave
  // a quarter of the cores' time idle.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Node keeps the ES modules of every spec that a worker has run. A worker that has grown too far
  // takes longer to exit than Jest waits for, and Jest warns of a leak.
  workerIdleMemoryLimit: '512MB',
};
