/**
 * Loads packages when they are first needed, since that takes time. Callers say which type a
 * package has.
 *
 * This is the one CommonJS file of the package: `require` with a literal path is what Node, Jest
 * and bundlers all understand, and `createRequire(import.meta.url)` is not. `require` also tries
 * again after a failure, such as too many open files; Node keeps the failure of an `import()`
 * forever.
 */
'use strict';

const { createRequire } = require('node:module');

/** @returns {unknown} */
exports.requireUndici = () => require('undici');

/**
 * Loads the files of undici that this module needs. They are not a public API of undici.
 *
 * @returns {Record<'Client' | 'Pool' | 'buildConnector' | 'request', unknown>}
 */
exports.requireUndiciFiles = () => ({
  Client: require('undici/lib/dispatcher/client.js'),
  Pool: require('undici/lib/dispatcher/pool.js'),
  buildConnector: require('undici/lib/core/connect.js'),
  request: require('undici/lib/api/api-request.js'),
});

/** @returns {unknown} */
exports.requireEventSource = () => require('eventsource');

/** @returns {unknown} */
exports.requirePathToRegexp = () => require('path-to-regexp');

/** @returns {unknown} */
exports.requireTls = () => require('node:tls');

/** @returns {unknown} */
exports.requireGrpcJs = () => require('@grpc/grpc-js');

/**
 * Loads the copy that Nest loads, if node_modules contains several.
 *
 * @returns {unknown}
 */
exports.requireGrpcJsOfNest = () => requireAsNest('@grpc/grpc-js');

/**
 * Loads the package that Nest loads for the option `protoLoader`.
 *
 * @param {string} name the name of the package; a bundle contains only Nest's default
 * @returns {unknown}
 */
exports.requireProtoLoader = (name) => {
  try {
    return requireAsNest(name);
  } catch (thrown) {
    if (name === '@grpc/proto-loader') return require('@grpc/proto-loader');
    throw thrown;
  }
};

/**
 * Loads the files of Nest's router, which Nest does not export from its entry points.
 *
 * @returns {unknown[]}
 */
exports.requireNestRouter = () => [
  require('@nestjs/core/router/paths-explorer.js'),
  require('@nestjs/core/router/route-path-factory.js'),
  require('@nestjs/common/constants.js'),
  require('@nestjs/common/utils/shared.utils.js'),
];

/**
 * Returns the absolute path of protobufjs' package.json.
 *
 * @returns {string}
 */
exports.resolveProtobufjs = () => requireOfNode().resolve('protobufjs/package.json');

/**
 * @param {string} name
 * @returns {unknown}
 */
function requireAsNest(name) {
  return createRequire(requireOfNode().resolve('@nestjs/microservices'))(name);
}

/**
 * Returns a `require` that bundlers do not follow: esbuild warns of each `require.resolve`, and
 * others bundle what it names. An ES module that is a bundle has no `__filename`, so there it finds
 * what the file that Node runs finds.
 */
function requireOfNode() {
  return createRequire(typeof __filename === 'string' ? __filename : process.argv[1]);
}

// Looked up now: if Node cannot read a package.json once, it never finds that package again.
for (const name of ['undici', 'eventsource', 'path-to-regexp']) {
  try {
    requireOfNode().resolve(name);
  } catch {
    // The load tells what is wrong.
  }
}
