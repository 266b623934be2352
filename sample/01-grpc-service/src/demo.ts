import { stopOnSignals } from './demo/stop.signal.js';

// Before other modules load, so that a signal at any time ends the demonstration cleanly.
const stop = stopOnSignals();
const { launch } = await import('./demo/launcher.js');
const code = await launch(stop);
// At a normal end Node removes its signal handlers first, and the signal that npm repeats would
// kill this process.
process.stdout.write('', () => process.exit(code));
