// The service as a child of the demonstration. Where its parent dies without a word, it leaves instead of going on alone.
const leave = () => process.kill(process.pid, 'SIGTERM');
process.once('disconnect', leave);
// It may have happened while Node was loading this file.
if (!process.connected) leave();
// Nobody reads what it says then.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

await import('../main.js');

export {};
