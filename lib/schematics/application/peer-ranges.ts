import type { NestMajor } from './nest-major.js';

/** The packages that an application installs itself, each with the range that fits. */
export const RANGES = {
  '@grpc/grpc-js': () => '^1.14.4',
  '@grpc/proto-loader': () => '^0.8.0',
  '@nestjs/microservices': (nest: NestMajor) => ({ 11: '^11.1.10', 12: '^12.0.1' })[nest],
  '@nestjs/terminus': (nest: NestMajor) => ({ 11: '^11.0.0', 12: '^12.0.0' })[nest],
} as const;

export type Peer = keyof typeof RANGES;
