/** What an end of a connection can be asked to do, from the process that measures. */
export type Commands = Readonly<Record<string, (argument: never) => unknown>>;

/** A command on its way, and its answer. */
export interface Asked {
  readonly id: number;
  readonly command: string;
  readonly argument: unknown;
}

export interface Answered {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Makes this process an end: it obeys until its parent is gone. */
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
