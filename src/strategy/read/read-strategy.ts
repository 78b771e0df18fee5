import type { Operand, Price } from '../../pricing/price.js';
import { readComputed, readComputedSources, typesOfComputed } from './computed.js';
import { readConditions } from './conditions.js';
import type { Head } from './document-schema.js';
import { builtInFacts } from './facts-of.js';
import type { Fault } from '../fault.js';
import { type Named, withoutCycles } from './named-conditions.js';
import { needsOf } from './needs.js';
import {
  type PriceSources,
  type RuleSources,
  readFacts,
  readHead,
  readPriceSources,
  readRuleSources,
} from './parts.js';
import { checkPrice, checkSharedCounters } from './price-checks.js';
import { buildPrice } from './prices.js';
import { prepare } from '../prepare.js';
import type { Source } from '../source/read-source.js';
import { type Report, fault, found } from '../source/report.js';
import { checkRuleNames, readRule } from './rules.js';
import { type Scope, useFact } from './scope.js';
import { mapSection } from './sections.js';
import type { SourceFile } from '../source/source.js';
import { type Condition, type Rule, type Strategy, type StrategyCurrency } from '../strategy.js';
import { warnOfRecordedOnly } from './recorded-only.js';
import { warnOfUnused } from './unused.js';

const LATE_LIMIT_DAYS = 90;

export type ReadResult = {
  /** There exactly when no fault is an error. */
  readonly strategy?: Strategy;
  /** In file order, the attachments' after the document's. */
  readonly faults: readonly Fault[];
};

/** Checks a document and the CSV files that it names. All faults are found at once, those of its syntax among them. */
export function readStrategy(
  { lines, root, faults }: Source,
  attachments: readonly SourceFile[],
): ReadResult {
  if (root === undefined) return { faults };
  const report: Report = { lines, root, faults: [...faults] };
  if (root.kind !== 'map')
    fault(report, [], `${found(root)} stands here; a strategy is a map that starts with \`strategy:\`.`);
  const strategy = root.kind === 'map' ? buildStrategy(report, attachments) : undefined;
  const sorted = inFileOrder(report);
  const usable = strategy !== undefined && sorted.every(({ severity }) => severity === 'warning');
  return usable ? { strategy, faults: sorted } : { faults: sorted };
}

function inFileOrder({ faults, lines }: Report): Fault[] {
  const own = (fault: Fault) => (fault.file === lines.file.name ? 0 : 1);
  return faults.toSorted((a, b) => own(a) - own(b) || a.line - b.line || a.column - b.column);
}

/** Top to bottom: what stands alone first, then what refers to it. */
function buildStrategy(report: Report, attachments: readonly SourceFile[]): Strategy | undefined {
  const head = readHead(report);
  const facts = readFacts(report);
  const priceSources = readPriceSources(report);
  const ruleSources = readRuleSources(report);
  const computedSources = readComputedSources(report, new Set(facts.types.keys()));
  const scope: Scope = {
    report,
    declared: facts.declared,
    types: new Map([
      ...builtInFacts(priceSources.names, ruleSources.lines),
      ...facts.types,
      ...typesOfComputed(computedSources),
    ]),
    broken: new Set([...facts.broken, ...computedSources.broken]),
    parts: new Map(),
    used: new Set(),
    anyLine: ruleSources.sources.every((source) => source?.event.type !== 'charge'),
  };
  const computed = readComputed(scope, computedSources, attachments);
  const prices = readPrices(scope, priceSources, head?.period ?? 'month');
  const conditions = readNamedConditions(scope);
  const rules = readRules(scope, ruleSources, { prices, priceNames: priceSources.names, conditions });
  const currency = head && readCurrency(scope, head.currency);
  if (head === undefined || currency === undefined) return undefined;
  const document = { currency, facts: facts.declared, computed, conditions: conditions.named, prices, rules };
  const strategy = prepare({
    ...document,
    id: head.strategy,
    title: head.title ?? head.strategy,
    timeZone: head.time_zone,
    period: head.period,
    rounding: head.rounding,
    lateLimitDays: head.late_limit ?? LATE_LIMIT_DAYS,
    types: scope.types,
    lines: ruleSources.lines,
    moments: {
      purchase: needsOf(document, 'purchase'),
      usage: needsOf(document, 'usage'),
      period: needsOf(document, 'period'),
      invoice: needsOf(document, 'invoice'),
    },
  });
  // With faults about, what seems unused may only be mistyped where it is used.
  if (report.faults.length === 0) warnOfUnused(scope, strategy);
  warnOfRecordedOnly(scope, strategy);
  return strategy;
}

function readPrices(
  scope: Scope,
  { sources }: PriceSources,
  period: Head['period'],
): Map<string, Price<Operand>> {
  const prices = new Map<string, Price<Operand>>();
  for (const [id, source] of sources) {
    const price = buildPrice(id, source, period);
    checkPrice(scope, { source, price });
    prices.set(id, price);
  }
  checkSharedCounters(scope, [...prices.values()]);
  return prices;
}

type NamedConditions = { readonly named: Named; readonly names: ReadonlySet<string> };

function readNamedConditions(scope: Scope): NamedConditions {
  const entries = mapSection(scope.report, 'conditions');
  const names = new Set(entries.map(({ name }) => name));
  const read = new Map<string, Condition>();
  for (const { name, path, node } of entries) {
    const condition = readConditions(scope, { node, path, names });
    if (condition !== undefined) read.set(name, condition);
  }
  return { named: withoutCycles(scope, read), names };
}

type RuleNames = {
  readonly prices: ReadonlyMap<string, Price<Operand>>;
  readonly priceNames: ReadonlySet<string>;
  readonly conditions: NamedConditions;
};

function readRules(scope: Scope, { sources, lines }: RuleSources, names: RuleNames): Rule[] {
  checkRuleNames(scope, sources);
  const context = {
    prices: names.prices,
    names: { prices: names.priceNames, lines: new Set(lines) },
    named: names.conditions.named,
    conditionNames: names.conditions.names,
    sizes: new Map(),
  };
  return sources.flatMap((source, index) => {
    const rule = source && readRule(scope, source, index, context);
    return rule ?? [];
  });
}

/** A currency by fact is a string fact; which currencies it may name is part of the document. */
function readCurrency(scope: Scope, currency: Head['currency']): StrategyCurrency {
  if (typeof currency === 'string') return { kind: 'fixed', code: currency };
  const path = ['currency', 'fact'];
  const type = useFact(scope, currency.fact, path);
  if (type !== undefined && type !== 'string') {
    fault(scope.report, path, `\`${currency.fact}\` is of type ${type}; a currency is a string.`);
  }
  return { kind: 'fact', fact: currency.fact, oneOf: currency.one_of };
}
