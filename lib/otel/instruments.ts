import { metrics } from '@opentelemetry/api';
import { SCOPE } from './attributes.js';

/** The buckets that OpenTelemetry's conventions advise for the duration of requests, in seconds. */
const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Routers need between nothing and the grace period. */
const PROPAGATION_SECONDS = [0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20];

/** Creates the instruments with the meter provider that is there now, which may do nothing. */
export function createInstruments() {
  const meter = metrics.getMeter(SCOPE);
  return {
    connected: meter.createUpDownCounter('sidecar_agent.connected', {
      unit: '{connection}',
      description: 'Whether the event stream to the agent is open: 1 or 0',
    }),
    registered: meter.createUpDownCounter('sidecar_agent.registered', {
      unit: '{registration}',
      description: 'Whether the service is registered: 1 or 0',
    }),
    reconnects: meter.createCounter('sidecar_agent.reconnects', {
      unit: '{reconnect}',
      description: 'How often the event stream was opened again after it was lost',
    }),
    registerDuration: meter.createHistogram('sidecar_agent.register.duration', {
      unit: 's',
      description: 'How long the agent took to answer a register',
      advice: { explicitBucketBoundaries: CALL_SECONDS },
    }),
    registerFailures: meter.createCounter('sidecar_agent.register.failures', {
      unit: '{failure}',
      description: 'How many registers failed',
    }),
    drainDuration: meter.createHistogram('sidecar_agent.drain.duration', {
      unit: 's',
      description: 'How long the agent took to answer a drain',
      advice: { explicitBucketBoundaries: CALL_SECONDS },
    }),
    drainPropagation: meter.createHistogram('sidecar_agent.drain.propagation', {
      unit: 's',
      description: 'How long routers took to learn of a drain: until the last call that arrived after it',
      advice: { explicitBucketBoundaries: PROPAGATION_SECONDS },
    }),
    callsInFlight: meter.createObservableUpDownCounter('sidecar_agent.calls.in_flight', {
      unit: '{call}',
      description: 'How many calls are in flight',
    }),
  };
}
