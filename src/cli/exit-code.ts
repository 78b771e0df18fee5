import type { Reason } from '../errors/catalogue.js';

/** What a shell script may go by. */
export const EXIT = {
  done: 0,
  /** A file, option or server kept the verb from running. */
  couldNotRun: 1,
  /** A strategy document has errors. */
  invalidDocument: 2,
  /** A case failed, a file would change under `fmt --check`, or there is no price. */
  failed: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function exitCodeOf(reason: Reason): ExitCode {
  switch (reason) {
    case 'INVALID_DOCUMENT':
      return EXIT.invalidDocument;
    case 'INVALID_FACTS':
    case 'NO_PRICE':
    case 'REJECTED':
      return EXIT.failed;
    default:
      return EXIT.couldNotRun;
  }
}
