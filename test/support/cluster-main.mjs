// The primary of a cluster of greeters. Each line of its input is a command: "fork", or
// "status PID".
import cluster from 'node:cluster';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

cluster.setupPrimary({ exec: fileURLToPath(new URL('greeter-main.mjs', import.meta.url)) });
const say = (event, worker, detail) =>
  console.log(`${event} ${worker.process.pid} ${JSON.stringify(detail)}`);

cluster.on('fork', (worker) => say('FORKED', worker, null));
cluster.on('listening', (worker) => say('LISTENS', worker, null));
cluster.on('message', (worker, status) => say('STATUS', worker, status));
cluster.on('exit', (worker, code, signal) => say('EXITED', worker, signal ?? code));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [command, pid] = line.split(' ');
    if (command === 'fork') cluster.fork();
    const worker = Object.values(cluster.workers).find((each) => String(each.process.pid) === pid);
    if (command === 'status') worker?.send('status');
  })
  // The workers must not outlive the test.
  .once('close', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGKILL');
    process.exit(0);
  });
