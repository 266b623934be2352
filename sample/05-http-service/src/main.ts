import { VersioningType } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
app.setGlobalPrefix('api', { exclude: ['health'] });
app.enableVersioning({ type: VersioningType.URI });
// Without shutdown hooks the service does not drain and deregister at SIGTERM.
// `useProcessExit` lets the process exit with 0 after them, not with 143.
app.enableShutdownHooks(['SIGTERM', 'SIGINT', 'SIGHUP'], { useProcessExit: true });
const config = app.get(ConfigService);
await app.listen(Number(config.get<string>('HTTP_PORT', '0')), '127.0.0.1');
