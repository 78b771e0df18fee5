import type { FactType, ComputedFact } from '../strategy.js';
import { type DeriveSource, readDerivation } from './derive.js';
import { deriveSchema, lookupSchema } from './document-schema.js';
import { checkFactName } from './facts-of.js';
import { imageOf } from '../source/image.js';
import type { LookupSource } from './lookup-table.js';
import { readLookup } from './lookups.js';
import { inOrder } from './order.js';
import { factsOfComputed } from './reads.js';
import { type Report, faultAtKey } from '../source/report.js';
import type { Scope } from './scope.js';
import { mapSection } from './sections.js';
import type { SourceFile } from '../source/source.js';
import { readWith } from './zod-faults.js';

/** Derived and looked-up facts as written: their structure is right, their names are not looked up yet. */
export type ComputedSources = {
  readonly derive: ReadonlyMap<string, DeriveSource>;
  readonly lookups: ReadonlyMap<string, LookupSource>;
  readonly broken: readonly string[];
};

export function readComputedSources(report: Report, taken: ReadonlySet<string>): ComputedSources {
  const derive = new Map<string, DeriveSource>();
  const lookups = new Map<string, LookupSource>();
  const broken: string[] = [];
  const names = new Set(taken);
  for (const section of ['derive', 'lookups'] as const) {
    for (const { name, path, node } of mapSection(report, section)) {
      if (names.has(name)) faultAtKey(report, path, `A fact is called \`${name}\` already.`);
      else checkFactName(report, name, path);
      names.add(name);
      const part = { path, image: imageOf(node), noun: section === 'derive' ? 'a derived fact' : 'a lookup' };
      if (section === 'derive') {
        const source = readWith(report, deriveSchema, part);
        if (source !== undefined) derive.set(name, source);
        else broken.push(name);
      } else {
        const source = readWith(report, lookupSchema, part);
        if (source !== undefined) lookups.set(name, source);
        else broken.push(name);
      }
    }
  }
  return { derive, lookups, broken };
}

/** A derived fact is a decimal, a looked-up one says its type. */
export function typesOfComputed({ derive, lookups }: ComputedSources): Map<string, FactType> {
  const types = new Map<string, FactType>();
  for (const name of derive.keys()) types.set(name, 'decimal');
  for (const [name, { type }] of lookups) types.set(name, type);
  return types;
}

/** The computed facts in the order in which they can be computed; tells the scope what each is made of. */
export function readComputed(
  scope: Scope,
  { derive, lookups }: ComputedSources,
  attachments: readonly SourceFile[],
): ComputedFact[] {
  const facts: ComputedFact[] = [];
  for (const [name, source] of derive) {
    const fact = readDerivation(scope, name, source);
    if (fact !== undefined) facts.push(fact);
  }
  for (const [name, source] of lookups) {
    const fact = readLookup(scope, name, source, attachments);
    if (fact !== undefined) facts.push(fact);
  }
  for (const fact of facts) scope.parts.set(fact.name, factsOfComputed(fact));
  return inOrder(scope, facts);
}
