/** `ok` and `FAIL`: promised checks; `note`: other checks; `skip`: checks that could not run. */
export type Outcome = 'ok' | 'FAIL' | 'note' | 'skip';

export interface Row {
  readonly topic: string;
  readonly title: string;
  readonly isPromised: boolean;
  readonly outcome: Outcome;
  readonly seen: string;
}

/** The widths of the table's columns. */
export interface TableWidths {
  readonly topic: number;
  readonly title: number;
}

const MAX_SEEN = 100;
// Control characters, line separators and direction marks: the text comes from an agent.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu;

/** Writes a row of the table after each check, and the summary at the end. */
export class Report {
  readonly #write: (line: string) => void;
  readonly #widths: TableWidths;
  readonly #rows: Row[] = [];

  constructor(write: (line: string) => void, widths: TableWidths) {
    this.#write = write;
    this.#widths = widths;
  }

  /** Whether all promised checks ran and held. */
  get allHeld(): boolean {
    return this.#promised.every(({ outcome }) => outcome === 'ok' || outcome === 'note');
  }

  heading(text: string): void {
    this.#write(`\n${text}`);
  }

  row(row: Row): void {
    this.#rows.push(row);
    const { topic, title, outcome } = row;
    const columns = [outcome.padEnd(4), topic.padEnd(this.#widths.topic), title.padEnd(this.#widths.title)];
    this.#write(`  ${columns.join('  ')}  ${bounded(row.seen)}`.trimEnd());
  }

  summary(): void {
    const count = (outcome: Outcome) => this.#rows.filter((row) => row.outcome === outcome).length;
    const judged = this.#promised.filter(({ outcome }) => outcome !== 'note').length;
    this.#write(`\n${count('ok')} of ${judged} promised checks held; ${count('note')} notes`);
    for (const { topic, title, outcome } of this.#promised) {
      if (outcome === 'FAIL') this.#write(`FAILED ${topic}: ${title}`);
      if (outcome === 'skip') this.#write(`NOT SEEN ${topic}: ${title}`);
    }
  }

  get #promised(): readonly Row[] {
    return this.#rows.filter(({ isPromised }) => isPromised);
  }
}

function bounded(text: string): string {
  const line = text.replace(UNPRINTABLE, ' ').trim();
  return line.length > MAX_SEEN ? `${line.slice(0, MAX_SEEN)}…` : line;
}
