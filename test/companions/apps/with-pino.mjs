// The greeter with the logger of nestjs-pino, as its documentation has it.
import * as common from '@nestjs/common';
import * as core from '@nestjs/core';
import * as microservices from '@nestjs/microservices';
import * as sidecar from 'nestjs-sidecar-agent';
import { Logger, LoggerModule } from 'nestjs-pino';
import { runGreeter } from './run-greeter.cjs';

await runGreeter(
  { common, core, microservices, sidecar },
  {
    imports: [LoggerModule.forRoot()],
    nestOptions: { bufferLogs: true },
    prepare: (app) => app.useLogger(app.get(Logger)),
  },
);
