import type { RegistrationState } from './machine/registration-state.js';

/** Returns the name of the service for a log line. */
export function nameOf({ node }: RegistrationState): string {
  return node?.service.name ?? 'the service';
}

/** Returns whether a count is 1, 4, 16, 64 …: what repeats is logged at widening intervals. */
export function isMilestone(count: number): boolean {
  return Number.isInteger(Math.log2(count) / 2);
}

/** Begins a text with a capital letter. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
