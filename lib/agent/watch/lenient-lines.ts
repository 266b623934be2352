const LF = 10;
const TAB = 9;
const SPACE = 32;
const COLON = 58;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const EVENT = Buffer.from('event');
const DATA = Buffer.from('data');
const NO_DATA = Buffer.from('data\n');
const NOTHING = Buffer.alloc(0);

/**
 * Changes the lines of the event stream into those that the parser takes, where the Go library is
 * more lenient than the standard: white space before a field is removed, and a frame that has an
 * event and no data gets empty data. It passes on whole lines alone. A {@link FrameGuard} must
 * come before it, which bounds the lines and ends each with LF.
 */
export class LenientLines {
  /** The start of a line whose end is in a later chunk. */
  #rest: Uint8Array[] = [];
  #isFirstLine = true;
  #hasEvent = false;
  #hasData = false;

  /** Returns the whole lines so far, in one or more parts. */
  pass(chunk: Uint8Array): Uint8Array[] {
    const end = chunk.lastIndexOf(LF) + 1;
    if (end === 0) {
      if (chunk.length > 0) this.#rest.push(chunk);
      return [];
    }
    const whole = chunk.subarray(0, end);
    const lines = this.#rest.length === 0 ? whole : Buffer.concat([...this.#rest, whole]);
    this.#rest = end < chunk.length ? [chunk.subarray(end)] : [];
    return this.#change(lines);
  }

  #change(lines: Uint8Array): Uint8Array[] {
    const parts: Uint8Array[] = [];
    /** Where the lines that are not in `parts` yet start. */
    let kept = 0;
    for (let start = 0; start < lines.length; start = lines.indexOf(LF, start) + 1) {
      const { skipped, inserted } = this.#read(lines, start);
      if (skipped === 0 && inserted.length === 0) continue;
      parts.push(lines.subarray(kept, start), inserted);
      kept = start + skipped;
    }
    parts.push(lines.subarray(kept));
    return parts.filter(({ length }) => length > 0);
  }

  /** Reads the line that starts at `start`: how many bytes to skip, and what to put before it. */
  #read(lines: Uint8Array, start: number): { skipped: number; inserted: Uint8Array } {
    let at = start;
    if (this.#isFirstLine && startsWith(lines, at, BYTE_ORDER_MARK)) at += BYTE_ORDER_MARK.length;
    this.#isFirstLine = false;
    let field = at;
    while (lines[field] === SPACE || lines[field] === TAB) field += 1;
    // A line of white space alone is not blank, and not a field.
    if (lines[field] !== LF) at = field;
    if (isField(lines, at, EVENT)) this.#hasEvent = true;
    else if (isField(lines, at, DATA)) this.#hasData = true;
    else if (lines[at] === LF) return { skipped: at - start, inserted: this.#endFrame() };
    return { skipped: at - start, inserted: NOTHING };
  }

  #endFrame(): Uint8Array {
    const lacksData = this.#hasEvent && !this.#hasData;
    this.#hasEvent = false;
    this.#hasData = false;
    return lacksData ? NO_DATA : NOTHING;
  }
}

function isField(lines: Uint8Array, start: number, name: Uint8Array): boolean {
  const next = lines[start + name.length];
  return (next === COLON || next === LF) && startsWith(lines, start, name);
}

function startsWith(lines: Uint8Array, start: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if (lines[start + at] !== bytes[at]) return false;
  return true;
}
