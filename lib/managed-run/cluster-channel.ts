import cluster from 'node:cluster';

/**
 * Lets a cluster worker end when nothing else is open. The channel to its primary would keep it
 * alive forever, since node:cluster listens for the end of the channel.
 */
export function releaseClusterChannel(): void {
  if (cluster.isWorker) process.channel?.unref();
}
