import type { AgentMoment, Refusal } from '../agent-page/moments/agent-moment.js';
import { eventWords } from '../agent-page/view/moment-words.js';
import { printable } from './printable.js';

/** The length of the longest word for an event. */
const EVENT_WIDTH = 'stream opened'.length;

/** Stands before lines that belong to the line above. */
const INDENT = ' '.repeat('15:04:05'.length + EVENT_WIDTH + 4);

/** Writes what happens to an agent for people. */
export class MomentLines {
  #latestAdvice = '';

  /** Returns a line, and the advice on a refusal if it is not that of the refusal before. */
  write(moment: AgentMoment): string {
    const { at, text, detail, refusal } = moment;
    const line = momentLine(new Date(at), eventWords(moment), detail ? `${text} (${detail})` : text);
    if (!refusal) return line;
    const advice = adviceOn(refusal).map((words) => `\n${INDENT}${printable(words)}`);
    const isNew = advice.join('') !== this.#latestAdvice;
    this.#latestAdvice = advice.join('');
    return isNew ? line + advice.join('') : line;
  }
}

/** Writes one line: the time, the event and what happened. */
export function momentLine(at: Date, event: string, text: string): string {
  return `${at.toTimeString().slice(0, 8)}  ${event.padEnd(EVENT_WIDTH)}  ${printable(text)}`;
}

function adviceOn({ advice, differences = [] }: Refusal): string[] {
  const fields = differences.flatMap(({ field, published, given }) =>
    field === 'methods'
      ? [
          ...(published ? [`methods that are only published: ${published}`] : []),
          ...(given ? [`methods that are only in this register: ${given}`] : []),
        ]
      : [`${field}: published ${published || 'none'}, in this register ${given || 'none'}`],
  );
  return [...fields, ...(advice ? [advice.meaning, ...advice.remedies] : [])];
}
