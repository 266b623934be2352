/** One fault of a value that was given. */
export interface Fault {
  /** The part at fault: `app.id`. */
  readonly path: string;
  /** What is wrong with that part, what was given, and what to do. */
  readonly message: string;
}
