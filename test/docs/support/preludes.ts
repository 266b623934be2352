/**
 * What a fragment of the documentation needs to compile. `<!-- prelude: app -->` before the block
 * puts the text named `app` in front of it.
 */
export const PRELUDES: Readonly<Record<string, string>> = {
  agent: `declare const agent: import('nestjs-sidecar-agent/testing').EmbeddedAgent;`,
  app: `declare const app: import('@nestjs/common').INestMicroservice;`,
  createApp: `declare function createApp(
    options: Partial<import('nestjs-sidecar-agent').SidecarAgentOptions>,
  ): Promise<import('@nestjs/common').INestMicroservice>;`,
  createMicroservice: `declare function createMicroservice():
    Promise<import('@nestjs/common').INestMicroservice>;`,
  options: `declare const options: import('nestjs-sidecar-agent').SidecarAgentOptions;`,
  sdk: `declare const sdk: { shutdown(): Promise<void> };`,
  pool: `declare const pool: { end(): Promise<void> };`,
  indicator: `declare const indicator: import('nestjs-sidecar-agent/terminus').SidecarAgentHealthIndicator;`,
  job: `import type { Socket } from 'node:net';
declare function sendInvoices(): Promise<void>;`,
  report: `declare function report(...facts: unknown[]): void;`,
  sidecar: `declare const sidecar: import('nestjs-sidecar-agent').SidecarAgent;`,
};
