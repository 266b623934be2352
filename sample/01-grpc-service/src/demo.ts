import { stopOnSignals } from './demo/stop.signal.js';

// Before anything else is loaded: from here on a signal ends the demonstration in good order, at any moment.
const stop = stopOnSignals();
const { launch } = await import('./demo/launcher.js');
const code = await launch(stop);
// Not left to Node: it takes its signal handlers away first, and the signal that npm passes on would kill this process yet.
process.stdout.write('', () => process.exit(code));
