import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Application } from './applications.js';

/**
 * Copies a bundle and the protos of its application to a folder without anything else.
 *
 * @param file the bundle, in a folder of the application
 * @returns the path of the copy
 */
export function deployed(application: Application, file: string): string {
  const folder = Application.elsewhere();
  const copy = join(folder, 'bundle/main.js');
  cpSync(application.path(file), copy);
  cpSync(application.path('proto'), join(folder, 'proto'), { recursive: true });
  return copy;
}

/** Lets a bundle find Nest, gRPC and what they share with it, and nothing else. */
export function installPeers(bundle: string, application: Application): void {
  const installed = join(dirname(dirname(bundle)), 'node_modules');
  mkdirSync(installed);
  for (const name of ['@nestjs', '@grpc', 'reflect-metadata', 'rxjs']) {
    symlinkSync(application.path('node_modules', name), join(installed, name));
  }
}
