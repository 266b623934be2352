// Each change runs all properties that reach it. A tenth of their random values finds nearly as
// much, in a quarter of the time.
process.env.PROPERTY_RUNS ??= '0.1';

/**
 * Mutation tests: `npm run test:mutation`. Stryker changes the code, one place at a time, and tells
 * which changes no unit test notices.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: ['lib/{agent,in-flight,lifecycle,registration}/**/*.ts'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  jest: {
    configFile: 'jest.unit.config.mjs',
    config: {
      // Each run loads every spec that imports the changed file. Those of other rooms add little.
      testMatch: ['<rootDir>/test/unit/{agent,in-flight,lifecycle,registration}/**/*.spec.ts'],
      // A test that waits for what never comes takes this long.
      testTimeout: 2_000,
    },
  },
  coverageAnalysis: 'perTest',
  // Constants of a file: each of them needs a run of all tests, which would take most of the time.
  ignoreStatic: true,
  concurrency: 2,
  // Node keeps the ES modules of each run.
  maxTestRunnerReuse: 50,
  ignorePatterns: ['api', 'api-report', 'bench', 'coverage', 'dist', 'docs', 'reports', 'sample'],
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: 'reports/mutation.json' },
  incrementalFile: 'reports/stryker-incremental.json',
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
};
