import { type Parsed, parsed, refused } from '../errors/parsed.js';

/** A strategy, or with a number one of its revisions. */
export type RevisionName = { readonly strategy: string; readonly number?: number };

/** Ids are parts of file names and addresses. */
export const STRATEGY_ID = /^[a-z][a-z0-9-]{1,62}$/;

const RESOURCE_NAME = /^strategies\/([^/]+)(?:\/revisions\/([1-9]\d{0,8}))?$/;

/** `strategies/llm-api` and `strategies/llm-api/revisions/3`, as messages and stored documents name them. */
export function resourceName({ strategy, number }: RevisionName): string {
  return number === undefined ? `strategies/${strategy}` : `strategies/${strategy}/revisions/${number}`;
}

export function parseResourceName(text: string): Parsed<RevisionName> {
  const [, strategy, number] = RESOURCE_NAME.exec(text) ?? [];
  if (strategy === undefined || !STRATEGY_ID.test(strategy))
    return refused(
      `"${text}" is no resource name such as strategies/llm-api or strategies/llm-api/revisions/3`,
    );
  return parsed(number === undefined ? { strategy } : { strategy, number: Number(number) });
}
