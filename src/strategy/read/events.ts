import type { Operand } from '../../pricing/price.js';
import { checkOperand } from './derive.js';
import type { Path } from '../source/place.js';
import { type Report, fault, faultAtKey, quoted, suggest } from '../source/report.js';
import type { EventSource, RuleSource } from './rule-schema.js';
import type { Scope } from './scope.js';
import type { Moment, RuleEvent } from '../strategy.js';

const MOMENTS_OF: Readonly<Record<RuleEvent['type'], readonly Moment[]>> = {
  charge: ['purchase', 'usage', 'period'],
  discount: ['purchase', 'usage', 'period', 'invoice'],
  surcharge: ['purchase', 'usage', 'period', 'invoice'],
  reject: ['purchase', 'usage'],
  grant: ['purchase', 'period'],
  minimum: ['invoice'],
  maximum: ['invoice'],
  tax: ['invoice'],
};

/** Names that an event may mention. */
export type EventNames = {
  readonly prices: ReadonlySet<string>;
  readonly lines: ReadonlySet<string>;
};

/** The line that a rule's event adds to the bill, if any. */
export function lineOf({ event, name }: RuleSource): string | undefined {
  if (event.type === 'charge') return event.params.line ?? event.params.price;
  if (event.type === 'surcharge') return event.params.line ?? event.params.label ?? name;
  // What a bill falls short of: a tax or maximum may name it.
  return event.type === 'minimum' ? (event.params.label ?? name) : undefined;
}

export type RulePlace = { readonly rule: RuleSource; readonly path: Path };

/** An event with its defaults; undefined, with faults, when a name or number of it is wrong. */
export function readEvent(scope: Scope, { rule, path }: RulePlace, names: EventNames): RuleEvent | undefined {
  const { report } = scope;
  const before = report.faults.length;
  const { event } = rule;
  const at = [...path, 'event', 'params'];
  const moments = MOMENTS_OF[event.type];
  if (!moments.includes(rule.moment)) {
    const message = `A \`${event.type}\` cannot happen at the moment \`${rule.moment}\`; it can at ${quoted(moments, 'or')}.`;
    fault(report, [...path, 'event', 'type'], message);
  }
  checkNames(scope, event, { path: at, names });
  const built = buildEvent(report, rule, at);
  if (built !== undefined) checkNumbers(scope, event, at);
  return report.faults.length === before ? built : undefined;
}

function checkNames(
  { report, anyLine }: Scope,
  event: EventSource,
  { path, names }: { readonly path: Path; readonly names: EventNames },
): void {
  if (event.type === 'charge') {
    const { price } = event.params;
    if (!names.prices.has(price)) {
      fault(report, [...path, 'price'], `No price is called \`${price}\`.`, suggest(price, names.prices));
    }
    return;
  }
  if (event.type === 'reject' || (anyLine && event.type !== 'grant')) return;
  const known = event.type === 'grant' ? names.prices : names.lines;
  const what = event.type === 'grant' ? 'price' : 'line';
  event.params.of?.forEach((name, position) => {
    if (known.has(name)) return;
    fault(report, [...path, 'of', position], `No ${what} is called \`${name}\`.`, suggest(name, known));
  });
}

/** Every number of an event may be a fact, and that fact must be a number. */
function checkNumbers(scope: Scope, { params }: EventSource, path: Path): void {
  for (const [key, value] of Object.entries(params)) {
    if (isOperand(value)) checkOperand(scope, value, [...path, key]);
  }
}

function isOperand(value: unknown): value is Operand {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function buildEvent(report: Report, { name, event }: RuleSource, path: Path): RuleEvent | undefined {
  switch (event.type) {
    case 'charge':
      return { type: 'charge', price: event.params.price, line: event.params.line ?? event.params.price };
    case 'reject':
      return { type: 'reject', ...event.params };
    case 'discount': {
      const { percent, amount, free_quantity, of, label = name, exclusive, times } = event.params;
      const chosen = chooseOne(report, path, { percent, amount, free_quantity });
      const rest = { ...(of && { of }), label, exclusive, ...(times && { times }) };
      return chosen && { type: 'discount', ...chosen, ...rest };
    }
    case 'surcharge': {
      const { percent, amount, of, label = name, line = label } = event.params;
      const chosen = chooseOne(report, path, { percent, amount });
      return chosen && { type: 'surcharge', ...chosen, ...(of && { of }), line, label };
    }
    case 'grant': {
      const { amount, units, of, expires, priority, roll_over: rollOver } = event.params;
      const chosen = chooseOne(report, path, { amount, units });
      const rest = { ...(of && { of }), ...(expires && { expires }), priority, rollOver };
      return chosen && { type: 'grant', ...chosen, ...rest };
    }
    case 'minimum': {
      const { amount, of, label = name, overage_factor: overageFactor, prorate, measure } = event.params;
      const rest = { label, prorate: prorate ?? 'none', measure: measure ?? 'net' } as const;
      return { type: 'minimum', amount, ...(of && { of }), ...(overageFactor && { overageFactor }), ...rest };
    }
    case 'maximum': {
      const { amount, of, label = name } = event.params;
      return { type: 'maximum', amount, ...(of && { of }), label, prorate: 'none', measure: 'net' };
    }
    case 'tax': {
      const { percent, label = name, of, included } = event.params;
      return { type: 'tax', percent, label, ...(of && { of }), included };
    }
  }
}

/** The one key of several that holds the event's number. */
function chooseOne<K extends string>(
  report: Report,
  path: Path,
  choices: Readonly<Record<K, Operand | undefined>>,
): { readonly by: K; readonly number: Operand } | undefined {
  const keys = Object.keys(choices) as K[];
  const [by, second] = keys.filter((key) => choices[key] !== undefined);
  const chosen = by === undefined ? undefined : choices[by];
  if (by !== undefined && chosen !== undefined && second === undefined) return { by, number: chosen };
  if (second !== undefined) {
    faultAtKey(
      report,
      [...path, second],
      `\`${second}\` stands beside \`${by ?? ''}\`; one of them is enough.`,
    );
  } else fault(report, path, `One of ${quoted(keys, 'or')} is missing.`);
  return undefined;
}
