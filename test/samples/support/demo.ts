import { freePort } from '../../support/free-port.js';
import { isAlive, SampleProcess } from './sample.process.js';
import { expect } from '@jest/globals';

/** The demonstration of the first sample, on its own ports. */
export interface Demo {
  readonly sample: SampleProcess;
  readonly agentPort: number;
  readonly grpcPort: number;
}

/** The shortest shutdown, for tests that are not about it. */
export const QUICK_LEAVE = { DRAIN_DELAY: '50ms', GRACE_PERIOD: '5s' };

export async function startDemo(env: Record<string, string> = QUICK_LEAVE): Promise<Demo> {
  const agentPort = await freePort();
  const grpcPort = await freePort();
  const ports = { SIDECAR_AGENT_PORT: String(agentPort), GRPC_PORT: String(grpcPort) };
  return {
    sample: new SampleProcess('01-grpc-service/dist/demo.js', { ...ports, ...env }),
    agentPort,
    grpcPort,
  };
}

/** Expects exit code 0, no process left running, and no output that looks like a crash. */
export async function expectGoodEnd({ sample }: Demo): Promise<void> {
  const end = await sample.end();
  expect({ ...end, output: sample.output }).toMatchObject({ code: 0, signal: null });
  expect(sample.servicePid === undefined || !isAlive(sample.servicePid)).toBe(true);
  expect(sample.output).toMatch(/Bye$/);
  expectNoTrace(sample);
}

export function expectNoTrace({ output }: SampleProcess): void {
  expect(output).not.toMatch(/^(service \|)?\s+at /m);
  expect(output).not.toMatch(/unhandled|uncaught|Error:/i);
}

/** Expects that the agent received a drain, then a deregister. */
export function expectGoodbye({ sample }: Demo): void {
  const heard = sample.lines.filter((line) => /\| (drain|deregister) of /.test(line));
  expect(heard).toEqual([
    'agent   | drain of auth: no new calls, 5s for those in flight',
    'agent   | deregister of auth: no calls at all',
  ]);
}
