import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SidecarCallMessage } from '../../../lib/index.js';
import { SidecarMetrics } from '../../../lib/otel/sidecar-metrics.js';
import type { SidecarStatusService } from '../../../lib/status/sidecar-status.service.js';
import { Telemetry } from '../../support/telemetry.js';

describe('SidecarMetrics', () => {
  let telemetry: Telemetry;

  beforeEach(() => {
    telemetry = new Telemetry();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await telemetry.shutdown();
  });

  it.each(['register', 'drain'] as const)('measures a %s in seconds', async (operation) => {
    const now = jest.spyOn(performance, 'now');
    const source = { status: () => ({ connected: false }) } as SidecarStatusService;
    const metrics = new SidecarMetrics(source);
    const message = { operation, serviceName: 'greeter' } as SidecarCallMessage;
    now.mockReturnValue(1_000);
    metrics.callStarts(message);
    now.mockReturnValue(1_250);
    metrics.callEnds(message);
    now.mockRestore();
    expect(await telemetry.sum(`sidecar_agent.${operation}.duration`)).toBe(0.25);
    metrics.close();
  });
});
