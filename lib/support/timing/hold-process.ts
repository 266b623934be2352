import { LONGEST_DURATION } from './duration.js';

/**
 * Keeps the process alive until the function that it returns is called. Nothing else of the module
 * does: its timers and its sockets do not count for Node.
 */
export function holdProcess(): () => void {
  const timer = setInterval(() => {}, LONGEST_DURATION);
  return () => clearInterval(timer);
}

/** Keeps the process alive until `work` has settled, and settles as it does. */
export async function holdProcessDuring<Result>(work: Promise<Result>): Promise<Result> {
  const release = holdProcess();
  try {
    return await work;
  } finally {
    release();
  }
}
