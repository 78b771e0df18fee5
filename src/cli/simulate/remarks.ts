import type { Plan } from './plan.js';

/** How the recording was understood, where that may not be what was meant. */
export function remarks({ accountTitle, usage }: Plan, ignored: readonly string[]): string {
  const left = ignoredText('neither document has such a fact', ignored, usage);
  return accountTitle === undefined
    ? `${left}There is no account column; all usage is taken as one account's. Name one with --map account=COLUMN.\n`
    : left;
}

/** Which columns were left out, since nobody has such a fact: `llm-api has no such fact`. */
export function ignoredText(nobodyHas: string, ignored: readonly string[], usage: Plan['usage']): string {
  const told = ignored.map((title) => title + hintOf(title, usage)).join(', ');
  return told === '' ? '' : `Not read, since ${nobodyHas}: ${told}.\n`;
}

function hintOf(title: string, { kind, keys }: Plan['usage']): string {
  const meant = keys.find((key) => key.toLowerCase() === title.toLowerCase());
  if (meant !== undefined) return ` (did you mean ${meant}?)`;
  // A whole row of titles, as spreadsheets of many countries write it.
  return kind === 'csv' && /[;\t]/.test(title) ? ' (cells are parted by commas)' : '';
}
