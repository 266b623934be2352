import { type Channel, channel, tracingChannel } from 'node:diagnostics_channel';
import type { SidecarCallMessage, SidecarShutdownMessage, SidecarStatusMessage } from './sidecar-messages.js';

/** Tells of each change of a registration. */
export const statusChannel = channel('nestjs-sidecar-agent:status') as Channel<unknown, SidecarStatusMessage>;

/** Tell of the calls to the agent, by operation. */
export const callChannels = {
  register: tracingChannel<unknown, SidecarCallMessage>('nestjs-sidecar-agent:register'),
  drain: tracingChannel<unknown, SidecarCallMessage>('nestjs-sidecar-agent:drain'),
  deregister: tracingChannel<unknown, SidecarCallMessage>('nestjs-sidecar-agent:deregister'),
};

/** Tells of the shutdown as a whole. */
export const shutdownChannel = tracingChannel<unknown, SidecarShutdownMessage>(
  'nestjs-sidecar-agent:shutdown',
);
