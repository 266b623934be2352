import { NestFactory } from '@nestjs/core';
import { runSidecarApp } from 'nestjs-sidecar-agent';
import { endWithParent } from '../end-with-parent.js';
import { AppModule } from './app.module.js';

endWithParent();

await runSidecarApp(() => NestFactory.create(AppModule, { abortOnError: false }), {
  listen: { port: 0, host: '127.0.0.1' },
});
