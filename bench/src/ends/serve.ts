/** The commands that the measuring process can send to an end. */
export type Commands = Readonly<Record<string, (argument: never) => unknown>>;

/** A command to an end. */
export interface Asked {
  readonly id: number;
  readonly command: string;
  readonly argument: unknown;
}

/** The answer of an end. */
export interface Answered {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Performs commands of the parent process until it disconnects. */
export function serve(commands: Commands): void {
  process.on('message', (asked: Asked) => void obey(commands, asked));
  process.once('disconnect', () => process.exit());
  process.send?.('ready');
}

async function obey(commands: Commands, { id, command, argument }: Asked): Promise<void> {
  try {
    const value = await commands[command]?.(argument as never);
    process.send?.({ id, value } satisfies Answered);
  } catch (thrown) {
    process.send?.({ id, error: thrown instanceof Error ? thrown.stack : String(thrown) } satisfies Answered);
  }
}
