import { RatebookError } from '../../../errors/error.js';
import type { AttributeChange } from './account.js';

/** Everything that is rated reads all of them. Some 2,000 changes of a number. */
const MOST_CHARACTERS = 131_072;

/** Throws TOO_LARGE when the changes of one account or subscription, by its resource name, are longer than it may keep. */
export function refuseTooMuch(name: string, attributes: readonly AttributeChange[]): void {
  const { length } = JSON.stringify(attributes, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  if (length <= MOST_CHARACTERS) return;
  throw new RatebookError(
    'TOO_LARGE',
    `All changes of the attributes of ${name} have ${length} characters, over the ${MOST_CHARACTERS} that are kept; keep elsewhere what no strategy reads, and send what differs from use to use as facts of the use.`,
    { metadata: { name } },
  );
}
