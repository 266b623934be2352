/** One fault of something that was given. */
export interface Fault {
  /** Which part of it: `app.id`. */
  readonly path: string;
  /** What is wrong with that part and what is expected. */
  readonly message: string;
}
