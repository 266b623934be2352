type Listener = (...args: never[]) => unknown;

/** The head of a function: its name is no call. */
const HEAD = /^\s*(async\s+)?function\b\s*[\w$]*/;
const CALL = /([\w$.]+)\s*\(/g;

/** The shutdown of OpenTelemetry, as its packages and its documentation write it. */
const TELEMETRY = /(sdk|otel|telemetry|tracing|tracer|tracerProvider|meterProvider)\w*\.shutdown$/i;
/** What may stand beside it: none of these closes an application. */
const HARMLESS =
  /^(async|catch|if|\.(then|catch|finally)|(\w+\.)*(then|catch|finally)|console\.\w+|process\.exit|(\w+\.)*diag\.\w+)$/;
/** The package `signal-exit`, which many command-line libraries bring along. */
const SIGNAL_EXIT = /__signal_exit_emitter__/;

/**
 * Returns whether nothing closes the application at a signal, as far as its listeners show it:
 * there is none, or each of them belongs to a library that closes none. Of Nest's own listener, a
 * closure named `cleanup`, and of every unknown one it assumes that it closes the application.
 */
export function closesNothing(listeners: readonly Listener[]): boolean {
  return listeners.every((listener) => {
    const source = String(listener);
    return SIGNAL_EXIT.test(source) || shutsDownTelemetryAlone(source);
  });
}

function shutsDownTelemetryAlone(source: string): boolean {
  const calls = [...source.replace(HEAD, '').matchAll(CALL)].map(([, callee = '']) => callee);
  const others = calls.filter((callee) => !TELEMETRY.test(callee));
  return others.length < calls.length && others.every((callee) => HARMLESS.test(callee));
}
