// As most applications of Nest 11 are: CommonJS.
require('reflect-metadata');
const { runGreeter } = require('./run-greeter.cjs');
const { trace } = require('@opentelemetry/api');

const nest = {
  common: require('@nestjs/common'),
  core: require('@nestjs/core'),
  microservices: require('@nestjs/microservices'),
  sidecar: require('nestjs-sidecar-agent'),
};

// The start-up has a span, as in applications that measure it.
trace.getTracer('greeter').startActiveSpan('bootstrap', (span) => runGreeter(nest).finally(() => span.end()));
