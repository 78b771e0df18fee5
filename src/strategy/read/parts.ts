import { type Head, SECTIONS, factSchema, headSchema } from './document-schema.js';
import { lineOf } from './events.js';
import { checkFactName, readDeclaration } from './facts-of.js';
import { imageOf } from '../source/image.js';
import { type Path, nodeAt } from '../source/place.js';
import { type PriceSource, priceSchema } from './price-schema.js';
import { type Report, fault, faultAtKey } from '../source/report.js';
import { type RuleSource, ruleSchema } from './rule-schema.js';
import { isId } from './scalar-schema.js';
import { listSection, mapSection } from './sections.js';
import type { SourceNode } from '../source/source.js';
import type { FactDeclaration, FactType } from '../strategy.js';
import { readWith } from './zod-faults.js';

/** The parts of a document as written: the structure of each is right, what its names mean is not looked at yet. */

const MOST_RULES = 10_000;

/** Everything but the sections; undefined, with faults, when a key of it is wrong. */
export function readHead(report: Report): Head | undefined {
  const { root } = report;
  if (root.kind !== 'map') return undefined;
  const isSection = (key: string) => SECTIONS.some((section) => section === key);
  const entries = root.entries.filter(({ key }) => !isSection(key));
  // The sections are named all the same, so that a mistyped one is recognised.
  return readWith(report, headSchema, {
    path: [],
    image: imageOf({ ...root, entries }),
    noun: 'a strategy',
  });
}

export type DeclaredFacts = {
  readonly declared: ReadonlyMap<string, FactDeclaration>;
  readonly types: ReadonlyMap<string, FactType>;
  readonly broken: readonly string[];
};

export function readFacts(report: Report): DeclaredFacts {
  const declared = new Map<string, FactDeclaration>();
  const types = new Map<string, FactType>();
  const broken: string[] = [];
  for (const { name, path, node } of mapSection(report, 'facts')) {
    const named = checkFactName(report, name, path);
    const source = readWith(report, factSchema, { path, image: imageOf(node), noun: 'a fact' });
    if (!named) continue;
    if (source === undefined) {
      broken.push(name);
      continue;
    }
    types.set(name, source.type);
    const declaration = readDeclaration(report, name, source);
    if (declaration !== undefined) declared.set(name, declaration);
  }
  checkLasting(report, declared.values());
  return { declared, types, broken };
}

function checkLasting(report: Report, facts: Iterable<FactDeclaration>): void {
  const [first, ...others] = [...facts].filter(({ lasts }) => lasts !== undefined);
  for (const { name } of others) {
    const message = `\`${first?.name ?? ''}\` says already how long a usage lasts.`;
    faultAtKey(report, ['facts', name, 'lasts'], message);
  }
}

export type PriceSources = {
  readonly sources: ReadonlyMap<string, PriceSource>;
  /** Also of those that have faults. */
  readonly names: ReadonlySet<string>;
};

export function readPriceSources(report: Report): PriceSources {
  const sources = new Map<string, PriceSource>();
  const names = new Set<string>();
  for (const { name, path, node } of mapSection(report, 'prices')) {
    names.add(name);
    if (!isId(name)) {
      const expected = 'a letter, then up to 62 letters, digits, - and _ were expected';
      faultAtKey(report, path, `\`${name.slice(0, 60)}\` is no id of a price; ${expected}.`);
    }
    const source = readWith(report, priceSchema, { path, image: imageOf(node), noun: nounOf(node) });
    if (source !== undefined) sources.set(name, source);
  }
  return { sources, names };
}

function nounOf(price: SourceNode): string {
  const model = nodeAt(price, ['model']);
  return model?.kind === 'scalar' && !model.empty ? `a ${model.text} price` : 'a price';
}

export type RuleSources = {
  /** By position; undefined where a rule has faults. */
  readonly sources: readonly (RuleSource | undefined)[];
  /** The lines that rules add to the bill, in file order; also of rules that have other faults. */
  readonly lines: readonly string[];
};

export function readRuleSources(report: Report): RuleSources {
  const entries = listSection(report, 'rules');
  if (entries.length > MOST_RULES) {
    const hint = 'move what differs by value into a lookup';
    fault(
      report,
      ['rules', MOST_RULES],
      `There are ${entries.length} rules; at most ${MOST_RULES} are read.`,
      hint,
    );
    return { sources: [], lines: [] };
  }
  const section = nodeAt(report.root, ['rules']);
  if (entries.length === 0 && (section === undefined || section.kind !== 'map')) {
    faultAtKey(report, ['rules'], 'There are no rules, so nothing would have a price.', 'write at least one');
  }
  const lines = new Set<string>();
  const sources = entries.map(({ path, node }) => {
    const source = readWith(report, ruleSchema, { path, image: imageOf(node), noun: 'a rule' });
    const line = source === undefined ? lineWritten(report, path) : lineOf(source);
    if (line !== undefined) lines.add(line);
    return source;
  });
  return { sources, lines: [...lines] };
}

/** The line of a rule with faults, so that others that mention it are not called wrong. */
function lineWritten({ root }: Report, path: Path): string | undefined {
  const params = [...path, 'event', 'params'];
  const node = nodeAt(root, [...params, 'line']) ?? nodeAt(root, [...params, 'price']);
  return node?.kind === 'scalar' ? node.text : undefined;
}
