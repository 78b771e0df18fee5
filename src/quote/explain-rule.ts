import { formatDecimal } from '../money/decimal.js';
import type { Rule } from '../strategy/strategy.js';
import { matchesOf, type RuleOf } from './matched.js';
import type { Evaluation } from './quote.js';

/** What a rule that matched has done, and why it did no more, in one sentence. */
export type Outcome = {
  readonly outcome: 'won' | 'beaten' | 'applied' | 'not_applied';
  readonly reason: string;
};

/** What one evaluation came to, or a piece of one. */
export type Result = Pick<Evaluation, 'matches' | 'lines' | 'discounts' | 'taxes' | 'grants'>;

/** An evaluation that ended in an error: no rule has done anything. */
const NO_PRICE: Result = { matches: [], lines: [], discounts: [], taxes: [] };

export function outcomeOf(rule: Rule, result: Result = NO_PRICE): Outcome {
  const { event } = rule;
  switch (event.type) {
    case 'charge':
      return outcomeOfCharge({ ...rule, event }, result);
    case 'discount': {
      const taken = result.discounts.find((discount) => discount.rule === rule.name);
      return taken === undefined
        ? notApplied(
            'It takes nothing off: its lines are not charged, cost nothing, or an exclusive discount stands first.',
          )
        : applied(`It takes off ${formatDecimal(taken.amount)}.`);
    }
    case 'surcharge':
    case 'minimum':
    case 'maximum': {
      const changed = [...result.lines, ...result.discounts].some((change) => change.rule === rule.name);
      return changed
        ? applied(`It changes the bill as a ${event.type}.`)
        : notApplied('It changes nothing here.');
    }
    case 'tax': {
      const tax = result.taxes.find(({ rules }) => rules.includes(rule.name));
      return tax === undefined
        ? notApplied('There is nothing to tax.')
        : applied(`It is ${formatDecimal(tax.amount)} on ${formatDecimal(tax.base)}.`);
    }
    case 'reject':
      return applied(`It refuses this use: ${event.message}`);
    case 'grant': {
      const given = result.grants?.find((grant) => grant.rule === rule.name);
      return given === undefined
        ? notApplied('It gives nothing here.')
        : applied(
            `It gives ${formatDecimal(given.quantity)}${given.unit === undefined ? '' : ` ${given.unit}`}.`,
          );
    }
  }
}

function outcomeOfCharge(rule: RuleOf<'charge'>, { lines, matches }: Result): Outcome {
  const { line, price } = rule.event;
  const charged = lines.find((candidate) => candidate.line === line && candidate.kind !== 'surcharge');
  const winner = matchesOf(matches, 'charge').find(({ name }) => name === charged?.rule);
  if (winner === undefined) return notApplied(`Nothing was charged on the line ${line}.`);
  if (winner.name === rule.name)
    return { outcome: 'won', reason: `It charges ${price} on the line ${line}.` };
  const why =
    winner.priority > rule.priority
      ? `has priority ${winner.priority}, this one ${rule.priority}`
      : 'stands earlier in the file';
  return { outcome: 'beaten', reason: `On the line ${line}, ${winner.name} ${why}.` };
}

function applied(reason: string): Outcome {
  return { outcome: 'applied', reason };
}

function notApplied(reason: string): Outcome {
  return { outcome: 'not_applied', reason };
}
