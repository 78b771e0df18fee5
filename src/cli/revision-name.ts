import { type Parsed, parsed, refused } from '../errors/parsed.js';

/** A strategy on a server, and which of its revisions; the newest unless given. */
export type RevisionName = { readonly strategy: string; readonly number?: number };

const NAME = /^(?:strategies\/)?([a-z][a-z0-9-]{1,62})(?:(?:@|\/revisions\/)([1-9]\d{0,8}))?$/;

/** `llm-api`, `llm-api@3`, or a resource name such as `strategies/llm-api/revisions/3`. */
export function parseRevisionName(text: string): Parsed<RevisionName> {
  const [, strategy, number] = NAME.exec(text) ?? [];
  if (strategy === undefined)
    return refused(
      `"${text}" is no strategy of a server; write one such as llm-api, or llm-api@3 for revision 3`,
    );
  return parsed(number === undefined ? { strategy } : { strategy, number: Number(number) });
}

export function resourceName({ strategy, number }: RevisionName): string {
  return number === undefined ? `strategies/${strategy}` : `strategies/${strategy}/revisions/${number}`;
}

/** The number of a revision, or 0 where none was published before. */
export function parseRevisionNumber(text: string): Parsed<number> {
  return /^\d{1,9}$/.test(text) ? parsed(Number(text)) : refused('Write the number of a revision, such as 3');
}
