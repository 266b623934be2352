import type { Socket } from 'node:net';

/** The most bytes of all interim answers to one request: as many as Node takes for one head. */
const MOST_BYTES = 16_384;

/** As many bytes as it takes to tell an interim answer from a final one. */
const SAMPLE = 'HTTP/1.1 100';

/** Every status below 200 but 101, which ends HTTP on the connection. */
const INTERIM = /^HTTP\/1\.[01] 1(?!01)\d\d$/;

/** The blank line after a head. */
const HEAD_END = /\n\r?\n/;

const NOTHING = Buffer.alloc(0);

/**
 * Takes the interim answers out of what the agent sends on one connection: every head of status 1xx
 * but 101, between the first byte of a request and the head of its final answer. A client has to
 * expect them although it did not ask for them. undici destroys the connection at a `100 Continue`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.2
 */
export class InterimAnswers {
  #awaitsHead = false;
  #requests = 0;
  /** The bytes of a head that is not complete, or of which the status is not known yet. */
  #held: Buffer = NOTHING;
  #dropped = 0;

  /** Returns the number of requests on the connection so far. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * Starts to look for interim answers, since bytes of a request are sent: what follows answers it.
   */
  expect(): void {
    if (!this.#awaitsHead) this.#requests += 1;
    this.#awaitsHead = true;
    this.#held = NOTHING;
    this.#dropped = 0;
  }

  /**
   * Returns the bytes that are left of those read from the connection.
   *
   * @throws {Error} `UND_ERR_HEADERS_OVERFLOW` if the interim answers are too large
   */
  pass(bytes: Buffer): Buffer {
    if (!this.#awaitsHead) return bytes;
    let rest = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    this.#held = NOTHING;
    while (rest.length > 0) {
      if (!mayBeInterim(rest)) {
        this.#awaitsHead = false;
        return rest;
      }
      // Bytes that do not fit are not searched: what is held is searched again with each chunk.
      const head = rest.toString('latin1', 0, MOST_BYTES - this.#dropped);
      const end = HEAD_END.exec(head);
      if (!end && this.#dropped + rest.length >= MOST_BYTES) throw tooLarge();
      if (!end) break;
      const length = end.index + end[0].length;
      this.#dropped += length;
      rest = rest.subarray(length);
    }
    this.#held = rest;
    return NOTHING;
  }
}

/** Takes the interim answers out of what a socket reads. A write to it is part of a request. */
export function dropInterimAnswers(socket: Socket): InterimAnswers {
  const answers = new InterimAnswers();
  const push = socket.push.bind(socket);
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = (...args: unknown[]) => {
    // undici sends no request before the answer to the one before is complete.
    answers.expect();
    return write(...args);
  };
  // Node passes each chunk that it has read to `push`, over TCP, TLS and a Unix socket alike.
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (!Buffer.isBuffer(chunk)) return push(chunk, encoding);
    try {
      const rest = answers.pass(chunk);
      return rest.length === 0 || push(rest);
    } catch (thrown) {
      socket.destroy(thrown as Error);
      return false;
    }
  };
  return answers;
}

/** Returns whether the bytes are, or may become, the start of an interim answer. */
function mayBeInterim(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, SAMPLE.length);
  return INTERIM.test(start + SAMPLE.slice(start.length));
}

function tooLarge(): Error {
  const message = `the agent sent interim answers of ${MOST_BYTES} bytes or more to one request`;
  return Object.assign(new Error(message), { code: 'UND_ERR_HEADERS_OVERFLOW' });
}
