import { type Parsed, parsed, refused } from '../errors/parsed.js';
import type { GivenFact, GivenFacts, QuoteInput } from '../quote/input.js';
import { type Instant, parseInstant } from '../time/instant.js';
import type { Asked } from './case-schema.js';

/** The input of a quote as a case or a facts file asks for it; refused with one sentence. */
export function inputOf(asked: Asked): Parsed<QuoteInput> {
  if (asked.facts !== undefined && asked.usage !== undefined)
    return refused('`facts` and `usage` stand side by side; `facts` is one use, `usage` a list of them');
  const start = instantOf(asked, 'start');
  const end = instantOf(asked, 'end');
  if (!start.ok) return start;
  if (!end.ok) return end;

  const attributes = subscriptionFacts(asked);
  const usages = asked.usage ?? [asked.facts ?? {}];
  return parsed({
    moment: asked.moment ?? 'usage',
    usages: usages.map((facts) => new Map([...attributes, ...givenFacts(facts)])),
    used: new Map(Object.entries(asked.used ?? {})),
    totals: new Map(Object.entries(asked.totals ?? {})),
    lines: Object.entries(asked.lines ?? {}).map(([line, amount]) => ({ line, amount })),
    service: { start: start.value, end: end.value },
  });
}

/** Facts as a file has them: texts and lists of texts, which get their type from the document. */
function givenFacts(facts: Readonly<Record<string, string | readonly string[]>>): GivenFacts {
  return new Map(
    Object.entries(facts).map(([name, value]): [string, GivenFact] => [
      name,
      typeof value === 'string' ? { kind: 'text', text: value } : { kind: 'list', texts: value },
    ]),
  );
}

/** `subscription: { seats: 5 }` is the fact `subscription.seats`; `start` and `end` say which part of the period it runs. */
function subscriptionFacts({ subscription }: Asked): GivenFacts {
  const attributes = Object.entries(subscription ?? {}).filter(
    ([name]) => name !== 'start' && name !== 'end',
  );
  return givenFacts(Object.fromEntries(attributes.map(([name, value]) => [`subscription.${name}`, value])));
}

function instantOf({ subscription }: Asked, key: 'start' | 'end'): Parsed<Instant | undefined> {
  const value = subscription?.[key];
  if (value === undefined) return parsed(undefined);
  const instant = typeof value === 'string' ? parseInstant(value) : refused('a list is no instant');
  return instant.ok ? instant : refused(`subscription.${key}: ${instant.why}`);
}
