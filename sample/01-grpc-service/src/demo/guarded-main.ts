// The service as a child process of the demonstration. If its parent dies, it shuts down.
const shutDown = () => process.kill(process.pid, 'SIGTERM');
process.once('disconnect', shutDown);
// The parent may have died while Node was loading this file.
if (!process.connected) shutDown();
// The pipes of a dead parent are broken.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

await import('../main.js');

export {};
