/** What Nest tells at every start, and what says nothing here. */
const NOISE = new Set(['NestFactory', 'InstanceLoader']);
const NEST_LINE = /^\[Nest\] \d+ .*? (LOG|WARN|ERROR|FATAL|DEBUG|VERBOSE) \[([^\]]+)\] (.*?)(?: \+\d+ms)?$/;

/** A line of the service without what takes the room: process id, date and time. `undefined` for noise. */
export function tidyNestLine(line: string): string | undefined {
  const [, level, context, message] = NEST_LINE.exec(line) ?? [];
  if (level === undefined || context === undefined || message === undefined)
    return line.trimEnd() || undefined;
  if (level !== 'LOG') return `${level} [${context}] ${message}`;
  return NOISE.has(context) ? undefined : `[${context}] ${message}`;
}
