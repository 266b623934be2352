import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { listenAt } from '../../../lib/workers/worker-socket.js';
import {
  makeWorkerFolder,
  type SharedPort,
  shortHash,
  workerFolder,
} from '../../../lib/workers/worker-folder.js';

/** A process that serves a port beside another one, as a command sees it. */
export class OtherWorker {
  /** What it was told. */
  heard = '';
  #server?: Server;

  /** @param temporary the temporary directory of the processes */
  async start(shared: SharedPort, instanceId: string, temporary = tmpdir()): Promise<void> {
    const folder = join(temporary, relative(tmpdir(), workerFolder(shared) ?? ''));
    await makeWorkerFolder(folder);
    this.#server = await listenAt(join(folder, `1-abcdef-${shortHash(instanceId, 8)}`), (socket) => {
      socket.setEncoding('utf8').on('data', (text: string) => (this.heard += text));
    });
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(undefined)));
  }
}
