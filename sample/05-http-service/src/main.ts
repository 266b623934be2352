import { VersioningType } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
app.setGlobalPrefix('api', { exclude: ['health'] });
app.enableVersioning({ type: VersioningType.URI });
// Without hooks nothing drains or deregisters at SIGTERM; with `useProcessExit` the process then exits with 0, not 143.
app.enableShutdownHooks([], { useProcessExit: true });
const config = app.get(ConfigService);
await app.listen(Number(config.get<string>('HTTP_PORT', '0')), '127.0.0.1');
