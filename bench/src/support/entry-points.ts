import type { DynamicModule, Provider, Type } from '@nestjs/common';
import type { GrpcOptions } from '@nestjs/microservices';

/** The optional entry points, each with the packages that it needs and the main entry does not. */
export const ENTRY_POINTS = {
  terminus: ['@nestjs/terminus'],
  'grpc-health': ['grpc-health-check'],
  otel: ['@opentelemetry/api'],
} as const;

/** The name of an optional entry point. */
export type EntryName = keyof typeof ENTRY_POINTS;

export const ENTRY_NAMES = Object.keys(ENTRY_POINTS) as readonly EntryName[];

/** What an application adds to use an entry point. */
export interface UsedEntry {
  readonly imports: readonly (DynamicModule | Type)[];
  readonly providers: readonly Provider[];
  readonly grpc: Pick<GrpcOptions['options'], 'onLoadPackageDefinition'>;
}

/** Imports an entry point and returns what its documentation tells to add. */
export async function useEntry(name: EntryName | undefined): Promise<UsedEntry> {
  const nothing: UsedEntry = { imports: [], providers: [], grpc: {} };
  switch (name) {
    case undefined:
      return nothing;
    case 'terminus': {
      const { TerminusModule } = await import('@nestjs/terminus');
      const { SidecarAgentHealthIndicator } = await import('nestjs-sidecar-agent/terminus');
      return { ...nothing, imports: [TerminusModule], providers: [SidecarAgentHealthIndicator] };
    }
    case 'grpc-health': {
      const { addGrpcHealth } = await import('nestjs-sidecar-agent/grpc-health');
      return { ...nothing, grpc: { onLoadPackageDefinition: addGrpcHealth } };
    }
    case 'otel': {
      const { SidecarAgentOtelModule } = await import('nestjs-sidecar-agent/otel');
      return { ...nothing, imports: [SidecarAgentOtelModule.forRoot()] };
    }
  }
}
