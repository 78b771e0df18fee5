import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { type RevisionName, parseResourceName } from '../strategy/revision-name.js';

/** `llm-api`, `llm-api@3`, or a resource name such as `strategies/llm-api/revisions/3`. The newest revision unless given. */
export function parseRevisionName(text: string): Parsed<RevisionName> {
  const name = text.replace('@', '/revisions/');
  const parsedName = parseResourceName(name.startsWith('strategies/') ? name : `strategies/${name}`);
  return parsedName.ok
    ? parsedName
    : refused(`"${text}" is no strategy of a server; write one such as llm-api, or llm-api@3 for revision 3`);
}

/** The id of a strategy alone: `llm-api`. */
export function parseStrategyId(text: string): Parsed<string> {
  const name = parseRevisionName(text);
  if (!name.ok) return name;
  const { strategy, number } = name.value;
  return number === undefined
    ? parsed(strategy)
    : refused(`Name the strategy alone: ${strategy}. Which revision prices a use follows from its instant`);
}

/** The number of a revision, or 0 where none was published before. */
export function parseRevisionNumber(text: string): Parsed<number> {
  return /^\d{1,9}$/.test(text) ? parsed(Number(text)) : refused('Write the number of a revision, such as 3');
}
