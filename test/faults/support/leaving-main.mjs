// The greeter, and a line when a signal has come: where there is nothing to leave yet, nothing else
// tells a test so.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => console.log(`${signal} HAS COME`));
await import('../../support/greeter-main.mjs');
