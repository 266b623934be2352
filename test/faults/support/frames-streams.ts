import type { Socket } from 'node:net';
import { chunk, type Script, STREAM_HEAD } from '../../support/scripted-agent.js';

export const CONNECTED = 'event: connected\ndata: ok\n\n';

/** A heartbeat that says `words`. */
export function heartbeat(words: string): string {
  return `event: heartbeat\ndata: ${words}\n\n`;
}

/**
 * Lets the first stream run by the first script, the second by the second …, and all that follow by
 * the last.
 */
export function inTurn(...scripts: readonly Script[]): Script {
  let turn = 0;
  return (socket, request) => {
    scripts[Math.min(turn, scripts.length - 1)]?.(socket, request);
    turn += 1;
  };
}

/** Opens a stream and says all of it in one write. */
export function says(...data: readonly (string | Uint8Array)[]): Script {
  // A chunk without bytes would end the body.
  const chunks = data.filter(({ length }) => length > 0).map(chunk);
  return (socket) => void socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), ...chunks]));
}

/** Keeps the sockets of the streams that it opens, for a test that has more to say. */
export class OpenStreams {
  readonly sockets: Socket[] = [];
  readonly #first: string;

  /** @param first what every stream begins with */
  constructor(first = CONNECTED) {
    this.#first = first;
  }

  readonly script: Script = (socket, request) => {
    this.sockets.push(socket);
    says(this.#first)(socket, request);
  };

  /** The latest one. */
  get last(): Socket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no stream was opened');
    return socket;
  }

  /** Says it on the latest stream. */
  say(data: string | Uint8Array): void {
    this.last.write(chunk(data));
  }
}
