import { describe, expect, it } from '@jest/globals';
import { closesNothing } from '../../../lib/lifecycle/signal-listeners.js';

/** Builds a listener from source text, as it stands in a library. */
function listener(source: string): () => unknown {
  return Object.assign(() => {}, { toString: () => source });
}

const NEST = 'async (signal) => { try { await this.shutdown(signal); } catch (err) { process.exit(1); } }';
const REGISTER = `async function shutdown() {
    try {
        await sdk.shutdown();
        api_1.diag.debug('OpenTelemetry SDK terminated');
    }
    catch (error) {
        api_1.diag.error('Error terminating OpenTelemetry SDK', error);
    }
}`;
const SNIPPET = `() => {
  sdk.shutdown()
    .then(() => console.log('Tracing terminated'))
    .catch((error) => console.log('Error terminating tracing', error))
    .finally(() => process.exit(0));
}`;

describe('closesNothing', () => {
  it.each([
    ['no listener', []],
    ['OpenTelemetry as its package has it', [REGISTER]],
    ['OpenTelemetry as its documentation has it', [SNIPPET]],
    ['on one line', ['() => sdk.shutdown().finally(() => process.exit(0))']],
    ['with another name', ['async () => { await otelSDK.shutdown(); }']],
    [
      'the package signal-exit',
      ["() => { if (typeof p.__signal_exit_emitter__ === 'object') this.unload(); }"],
    ],
    ['both', [SNIPPET, '() => p.__signal_exit_emitter__']],
  ])('is sure of %s', (_, sources) => {
    expect(closesNothing(sources.map(listener))).toBe(true);
  });

  it.each([
    ["Nest's own", [NEST]],
    ["Nest's own beside OpenTelemetry", [REGISTER, NEST]],
    ['one that closes the application', ['() => app.close()']],
    ['one that closes both', ['async () => { await app.close(); await sdk.shutdown(); }']],
    ['one that leaves by hand', ['async () => { await agent.shutdown(); await sdk.shutdown(); }']],
    ['one that calls something unknown', ['async () => { await stop(); await sdk.shutdown(); }']],
    ['one that only exits', ['() => process.exit(0)']],
    ['an unknown one', ['function onSignal() { emitter.emit("end"); }']],
    ['one without source text', ['function () { [native code] }']],
  ])('is not sure of %s', (_, sources) => {
    expect(closesNothing(sources.map(listener))).toBe(false);
  });
});
