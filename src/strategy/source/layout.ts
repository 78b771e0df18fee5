/** Columns of a line, at most. */
export const LINE_WIDTH = 120;

const SECTIONS = [
  ...['strategy', 'title', 'description', 'currency', 'time_zone', 'period', 'rounding', 'late_limit'],
  ...['facts', 'derive', 'lookups', 'conditions', 'prices', 'rules', 'cases'],
];

/** Where a key of the document stands; keys that are not of the format come last. */
export function sectionRank(key: string): number {
  const rank = SECTIONS.indexOf(key);
  return rank < 0 ? SECTIONS.length : rank;
}
