import base from './jest.config.mjs';

/**
 * The specs that need only sources and the documentation: `npm run test:unit` and
 * `npm run test:watch` run them without a build. The other folders of `test` start processes that
 * load the built package, except for most of `test/e2e`, whose specs wait for seconds.
 */
export default {
  ...base,
  testMatch: ['<rootDir>/test/{agent-page,config,docs,grpc,testing,testing-kit,unit}/**/*.spec.ts'],
};
