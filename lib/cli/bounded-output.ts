import type { Writable } from 'node:stream';
import { counted } from '../support/text/counted.js';

/** The most characters that wait for the reader. */
const WAITING_LIMIT = 1024 * 1024;
/** How long the reader has for them at the end, in milliseconds. */
const READ_WITHIN = 1_000;

/** Writes lines to a reader that may be slow, or has stopped to read. */
export class BoundedOutput {
  readonly #stream: Writable;
  readonly #warn: (line: string) => void;
  #leftOut = 0;

  /** @param warn prints, elsewhere, what the reader has missed */
  constructor(stream: Writable, warn: (line: string) => void) {
    this.#stream = stream;
    this.#warn = warn;
  }

  /** Writes a line, or leaves it out and counts it if too much waits for the reader. */
  write(line: string): void {
    if (this.#stream.writableLength > WAITING_LIMIT) {
      this.#leftOut += 1;
      return;
    }
    if (this.#leftOut > 0)
      this.#warn(`left out ${counted(this.#leftOut, 'line')} of the output: nobody read it in time`);
    this.#leftOut = 0;
    this.#stream.write(`${line}\n`);
  }

  /** Ends the process, if what waits for the reader keeps it alive. */
  end(): void {
    setTimeout(() => process.exit(), READ_WITHIN).unref();
  }
}
