import type { Reason } from '../errors/catalogue.js';

/** What a shell script may go by. */
export const EXIT = {
  done: 0,
  /** A file, option or server kept the verb from running. */
  couldNotRun: 1,
  /** A strategy document has errors. */
  invalidDocument: 2,
  /** A case failed, a file would change under `fmt --check`, there is no price, or usage was not taken in. */
  failed: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const NO_PRICE: readonly Reason[] = ['INVALID_FACTS', 'NO_PRICE', 'REJECTED'];

export function exitCodeOf(reason: Reason): ExitCode {
  if (reason === 'INVALID_DOCUMENT') return EXIT.invalidDocument;
  return NO_PRICE.includes(reason) ? EXIT.failed : EXIT.couldNotRun;
}
