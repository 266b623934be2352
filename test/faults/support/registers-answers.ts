import type { Socket } from 'node:net';
import { answer, type Script } from '../../support/scripted-agent.js';

/** An answer of an agent of the node dialect. */
export function envelope(status: number, code: string, data: unknown = {}): string {
  const success = status < 300 && !/failed|not_/.test(code);
  return answer(status, JSON.stringify({ success, code, message: `${code} it is`, data }));
}

export const ACCEPTED = envelope(200, 'register_ok');

/** Writes an answer. */
export function answers(text: string): Script {
  return (socket) => void socket.write(text);
}

/** Holds its answers back until a test gives them. */
export class HeldAnswers {
  readonly #waiting: Socket[] = [];

  readonly script: Script = (socket) => void this.#waiting.push(socket);

  /** How many requests wait. */
  get count(): number {
    return this.#waiting.length;
  }

  /** Answers the one that has waited longest. */
  give(text: string): void {
    this.next().write(text);
  }

  /** The connection of the one that has waited longest, to do with as a test likes. */
  next(): Socket {
    const socket = this.#waiting.shift();
    if (!socket) throw new Error('no request waits');
    return socket;
  }
}
