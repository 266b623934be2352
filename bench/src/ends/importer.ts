import { serve } from './serve.js';

/** What to import. */
export interface ImportSettings {
  readonly specifiers: readonly string[];
  /** Packages that are loaded before it. */
  readonly loaded?: readonly string[];
}

// Measures the import of packages in a process that has already loaded Nest and gRPC.
const { specifiers = [], loaded = [] } = JSON.parse(process.argv[2] ?? '{}') as Partial<ImportSettings>;
await import('reflect-metadata');
await import('@nestjs/core');
await import('@nestjs/microservices');
await import('@grpc/grpc-js');
await import('@grpc/proto-loader');
for (const specifier of loaded) await import(specifier);
globalThis.gc?.();
const rssBefore = process.memoryUsage.rss();
const began = performance.now();
for (const specifier of specifiers) await import(specifier);
const milliseconds = performance.now() - began;
globalThis.gc?.();
const rss = process.memoryUsage.rss() - rssBefore;

serve({ took: () => ({ milliseconds, rss }) });
