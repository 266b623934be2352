// @ts-check

/** A problem that the person who releases can solve. The scripts show its message without stack. */
export class ReleaseError extends Error {
  /** @override */
  name = 'ReleaseError';
}
