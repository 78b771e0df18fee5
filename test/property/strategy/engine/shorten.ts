import type { Drawn } from './drawn.js';

/**
 * Takes out uses and rules as long as the engines still differ. Drawing a document again can only shrink it to the
 * smallest that is ever drawn; of a table of a thousand boxes, one may be enough.
 */
export async function shorten(drawn: Drawn, differs: (one: Drawn) => Promise<boolean>): Promise<Drawn> {
  const uses = await fewest(drawn.uses, (some) => differs({ ...drawn, uses: some }));
  const { document } = drawn;
  if (typeof document === 'string' || !Array.isArray(document.rules)) return { ...drawn, uses };
  const withRules = (rules: readonly unknown[]) => ({ ...drawn, uses, document: { ...document, rules } });
  const rules = await fewest<unknown>(document.rules, (some) => differs(withRules(some)));
  return withRules(rules);
}

/** Leaves out ever smaller stretches of the list that are not needed; one item is always kept. */
async function fewest<T>(
  list: readonly T[],
  enough: (some: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = list;
  for (let length = list.length >> 1; length >= 1; length >>= 1) {
    for (let start = 0; start < kept.length && kept.length > 1;) {
      const some = [...kept.slice(0, start), ...kept.slice(start + length)];
      if (some.length > 0 && (await enough(some))) kept = some;
      else start += length;
    }
  }
  return kept;
}
