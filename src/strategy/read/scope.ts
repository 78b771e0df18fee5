import { isStanding } from './facts-of.js';
import { shorten } from '../fact-value.js';
import type { Path } from '../source/place.js';
import { type Report, fault, suggest } from '../source/report.js';
import type { FactDeclaration, FactType, Moment } from '../strategy.js';

/** What the names of a document mean, for the parts of it that are read after the facts. */
export type Scope = {
  readonly report: Report;
  readonly declared: ReadonlyMap<string, FactDeclaration>;
  /** Every fact that can be read, with its type. */
  readonly types: Map<string, FactType>;
  /** Names that are there but have faults of their own: nothing more is said about them. */
  readonly broken: ReadonlySet<string>;
  /** The facts that a derived or looked-up fact is made of. */
  readonly parts: Map<string, readonly string[]>;
  /** Facts that something reads. */
  readonly used: Set<string>;
  /** The document charges nothing and only adjusts bills of other strategies, so it may name any line. */
  readonly anyLine: boolean;
};

/** The type of a fact that is read here; undefined, with a fault, when there is none of this name. */
export function useFact(scope: Scope, name: string, path: Path): FactType | undefined {
  scope.used.add(name);
  const type = scope.types.get(name);
  if (type !== undefined || scope.broken.has(name)) return type;
  if (scope.anyLine && name.startsWith('line.')) {
    scope.types.set(name, 'decimal');
    return 'decimal';
  }
  const hint = suggest(name, scope.types.keys());
  fault(
    scope.report,
    path,
    `No fact is called \`${shorten(name)}\`.`,
    hint.startsWith('did') ? hint : 'declare it under `facts`',
  );
  return undefined;
}

/** Facts that are there only when a period falls due or a bill is drawn up. */
const ONLY_AT: readonly (readonly [pattern: RegExp, moment: Moment])[] = [
  [/^(period_(start|end|days|fraction)|total\..+)$/, 'period'],
  [/^(subtotal|line\..+)$/, 'invoice'],
];

/**
 * Why a fact cannot be read at a moment (`it is a fact of one usage`), or undefined when it can: facts of a usage are gone
 * when a period or bill is looked at, and a computed fact is there when all its parts are.
 */
export function whyAbsent(scope: Scope, name: string, moment: Moment): string | undefined {
  const why = findAbsent(scope, moment, { name, seen: new Set() });
  return why?.replace(`\`${name}\``, 'it');
}

type Visit = { readonly name: string; readonly seen: Set<string> };

function findAbsent(scope: Scope, moment: Moment, { name, seen }: Visit): string | undefined {
  if (seen.has(name)) return undefined;
  seen.add(name);
  for (const part of scope.parts.get(name) ?? []) {
    const why = findAbsent(scope, moment, { name: part, seen });
    if (why !== undefined) return why;
  }
  const only = ONLY_AT.find(([pattern]) => pattern.test(name));
  if (only !== undefined && only[1] !== moment) {
    return `\`${name}\` is there only at the moment \`${only[1]}\``;
  }
  const ofUsage = scope.declared.has(name) && !isStanding(name);
  if (ofUsage && (moment === 'period' || moment === 'invoice')) {
    return `\`${name}\` is a fact of one usage, and only \`account.…\` and \`subscription.…\` are there at every moment`;
  }
  return undefined;
}
