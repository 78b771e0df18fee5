import type { Document } from '../../../quote/priced.js';

/** Numbers that floats hold, and texts: so few kinds of values that the language's own comparisons will do. */
export type PlainFacts = Readonly<Record<string, number | string | undefined>>;

/** What a written condition without decorators means, as plainly as it can be said. */
export function holds(
  condition: Document,
  facts: PlainFacts,
  named: Readonly<Record<string, Document>>,
): boolean {
  const inner = (one: Document) => holds(one, facts, named);
  if (condition.all !== undefined) return (condition.all as readonly Document[]).every(inner);
  if (condition.any !== undefined) return (condition.any as readonly Document[]).some(inner);
  if (condition.not !== undefined) return !holds(condition.not as Document, facts, named);
  if (condition.condition !== undefined)
    return holds(named[condition.condition as string] ?? {}, facts, named);
  const found = facts[String(condition.fact)];
  return found !== undefined && compare(String(condition.operator), found, condition.value);
}

function compare(operator: string, found: number | string, written: unknown): boolean {
  const wanted = typeof found === 'number' ? Number(written) : String(written);
  switch (operator) {
    case 'equal':
      return found === wanted;
    case 'notEqual':
      return found !== wanted;
    case 'lessThan':
      return found < wanted;
    case 'lessThanInclusive':
      return found <= wanted;
    case 'greaterThan':
      return found > wanted;
    case 'greaterThanInclusive':
      return found >= wanted;
    case 'in':
      return (written as readonly string[]).includes(String(found));
    default:
      throw new Error(`${operator} is not drawn here`);
  }
}
