// As applications of Nest 12 are: ES modules.
import * as common from '@nestjs/common';
import * as core from '@nestjs/core';
import * as microservices from '@nestjs/microservices';
import * as sidecar from 'nestjs-sidecar-agent';
import { trace } from '@opentelemetry/api';
import { runGreeter } from './run-greeter.cjs';

// The start-up has a span, as in applications that measure it.
await trace
  .getTracer('greeter')
  .startActiveSpan('bootstrap', (span) =>
    runGreeter({ common, core, microservices, sidecar }).finally(() => span.end()),
  );
