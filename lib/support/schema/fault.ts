/** One fault of a value that was given, such as the options. */
export interface Fault {
  /** The faulty part: `app.id`. */
  readonly path: string;
  /** What is wrong with that part and what it must be. */
  readonly message: string;
}
