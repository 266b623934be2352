/** The origin of a line. */
export type Speaker = 'demo' | 'agent' | 'service';

export function say(speaker: Speaker, text: string): void {
  process.stdout.write(line(speaker, text));
}

export function complain(text: string): void {
  process.stderr.write(line('demo', text));
}

function line(speaker: Speaker, text: string): string {
  return `${speaker.padEnd('service'.length)} | ${text}\n`;
}
