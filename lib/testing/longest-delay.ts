/** The longest delay that a timer of Node.js can have, in milliseconds. */
export const LONGEST_DELAY = 2_147_483_647;
