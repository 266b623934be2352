import { ConsoleLogger, Logger, type LoggerService } from '@nestjs/common';

/** A Nest logger that keeps its lines, level first, instead of printing them. */
export class KeptLines extends Logger {
  readonly lines: string[] = [];

  override log(message: unknown): void {
    this.#keep('log', message);
  }

  override warn(message: unknown): void {
    this.#keep('warn', message);
  }

  override error(message: unknown): void {
    this.#keep('error', message);
  }

  #keep(level: string, message: unknown): void {
    this.lines.push(`${level}: ${String(message)}`);
  }
}

/** Takes what the whole of Nest logs while `run` runs, level first, instead of printing it. */
export async function linesOf(run: () => void | Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const keep =
    (level: string) =>
    (...words: unknown[]) =>
      void lines.push(`${level}: ${words.map(String).join(' ')}`);
  const logger: LoggerService = { log: keep('log'), warn: keep('warn'), error: keep('error') };
  Logger.overrideLogger(logger);
  try {
    await run();
  } finally {
    Logger.overrideLogger(new ConsoleLogger());
  }
  return lines;
}
