/** Contexts whose start messages are not interesting here. */
const NOISE = new Set(['NestFactory', 'InstanceLoader']);
const NEST_LINE = /^\[Nest\] \d+ .*? (LOG|WARN|ERROR|FATAL|DEBUG|VERBOSE) \[([^\]]+)\] (.*?)(?: \+\d+ms)?$/;

/** Removes process id, date and time from a line of Nest's log; `undefined` to drop the line. */
export function tidyNestLine(line: string): string | undefined {
  const [, level, context, message] = NEST_LINE.exec(line) ?? [];
  if (level === undefined || context === undefined || message === undefined)
    return line.trimEnd() || undefined;
  if (level !== 'LOG') return `${level} [${context}] ${message}`;
  return NOISE.has(context) ? undefined : `[${context}] ${message}`;
}
