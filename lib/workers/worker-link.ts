import type { Socket } from 'node:net';

/** How long another process may take to answer, in milliseconds: its event loop may be blocked. */
const PATIENCE = 500;

const LONGEST_LINE = 1_024;

/** What an answer begins with. */
const ANSWER = '= ';

/** Gets each line of the other process. Returns the answer, if the line is a question. */
export type HearLine = (line: string, link: WorkerLink) => string | undefined;

/** What became of a question. */
export interface LinkAnswer {
  /** Absent if there was no answer in time. */
  readonly text?: string;
  /** Whether the connection is open: if it is, the other process lives. */
  readonly isOpen: boolean;
}

/** A connection between two processes that serve one port. Both of them send lines. */
export class WorkerLink {
  readonly #socket: Socket;
  readonly #hear: HearLine;
  /** The questions that are not answered yet, oldest first. */
  readonly #questions: ((answer: LinkAnswer) => void)[] = [];
  #heard = '';

  constructor(socket: Socket, hear: HearLine) {
    this.#socket = socket;
    this.#hear = hear;
    socket.unref().on('error', () => {});
    socket.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    socket.once('close', () => {
      for (const settle of this.#questions.splice(0)) settle({ isOpen: false });
    });
  }

  /** Runs a task once the connection is closed, by either process or by the end of the other. */
  onClose(task: () => void): void {
    this.#socket.once('close', task);
  }

  /** Sends a line. Resolves when it is sent, or cannot be. */
  send(line: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve();
      this.#socket.write(`${line}\n`, () => resolve());
    });
  }

  /** Sends a line, and waits for the answer. */
  ask(line: string): Promise<LinkAnswer> {
    if (this.#socket.destroyed) return Promise.resolve({ isOpen: false });
    return new Promise((resolve) => {
      const patience = setTimeout(() => resolve({ isOpen: true }), PATIENCE);
      this.#questions.push((answer) => {
        clearTimeout(patience);
        resolve(answer);
      });
      void this.send(line);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    const lines = (this.#heard + text).slice(0, LONGEST_LINE).split('\n');
    this.#heard = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    if (line.startsWith(ANSWER)) {
      this.#questions.shift()?.({ text: line.slice(ANSWER.length), isOpen: true });
      return;
    }
    const answer = this.#hear(line, this);
    if (answer !== undefined) void this.send(ANSWER + answer);
  }
}
