/** Work that your code counts, see `SidecarAgent.beacon()`. */
export interface Beacon {
  /** Says that the work is done. Only the first call counts. */
  end(): void;
  /** The same as {@link end}, for `using`. */
  [Symbol.dispose](): void;
}
