import { visible } from '../strategy/source/render-fault.js';
import type {
  AlternativeView,
  ConditionView,
  ExplainedView,
  ExplanationView,
  PieceView,
  RuleView,
} from './explanation-view.js';
import { quoteTable } from './quote-table.js';
import { left, right, table } from './table.js';
import { type Terminal, paint } from './terminal.js';

/** For people: every rule with its conditions, the arithmetic, what lies near, then the quote. What went wrong is told apart from this. */
export function explanationText({ quote, explanations }: ExplainedView, terminal: Terminal): string {
  const parts = explanations.map((explanation, i) => {
    const use = explanations.length > 1 ? `${heading(terminal, `Use ${i + 1}`)}\n` : '';
    return use + explanationPart(explanation, terminal);
  });
  if (quote !== undefined) parts.push(`${heading(terminal, 'Quote')}${quoteTable(quote, terminal)}`);
  return parts.join('\n');
}

function explanationPart(explanation: ExplanationView, terminal: Terminal): string {
  const { facts, rules, steps, pieces = [] } = explanation;
  const near = nearLines(explanation);
  const stepRows = steps.map(({ line, label, expression, value }) => [
    line,
    label,
    expression === '' ? '' : `${expression} =`,
    value,
  ]);
  return [
    heading(terminal, 'Facts') + factTable(facts),
    heading(terminal, 'Rules') + rules.map((rule) => ruleText(rule, terminal)).join(''),
    ...pieces.map((piece) => pieceText(piece, terminal)),
    ...(steps.length === 0
      ? []
      : [
          heading(terminal, 'Arithmetic') +
            table([left('Line'), left('Step'), right('Computation'), right('Result')], stepRows),
        ]),
    ...(near.length === 0
      ? []
      : [heading(terminal, 'Nearest other outcomes') + near.map((line) => `${line}\n`).join('')]),
  ].join('\n');
}

/** Of a later piece of a use only what is otherwise. */
function pieceText({ from, facts, rules }: PieceView, terminal: Terminal): string {
  const texts = rules.filter(({ matched }) => matched).map((rule) => ruleText(rule, terminal));
  return heading(terminal, `From ${from}`) + factTable(facts) + texts.join('');
}

function factTable(facts: ExplanationView['facts']): string {
  const rows = Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
  return table([left('Fact'), left('Value')], rows);
}

function nearLines({ alternatives, next_steps }: ExplanationView): readonly string[] {
  return [
    ...alternatives.map(alternativeLine),
    ...next_steps.map(({ line, what }) => `${line}: ${what}`),
  ].map(visible);
}

/** `local_hour 18 instead of 17: 0.0025 instead of 0.00375`. */
function alternativeLine(alternative: AlternativeView): string {
  const { fact, value, instead_of, total, instead_of_total, error } = alternative;
  const change =
    value === null
      ? `${fact} not sent instead of ${instead_of ?? ''}`
      : `${fact} ${value} instead of ${instead_of ?? 'not sent'}`;
  const before = instead_of_total === null ? '' : ` instead of ${instead_of_total}`;
  if (total !== null) return `${change}: ${total}${before}`;
  return error?.reason === 'REJECTED'
    ? `${change}: refused${before}: ${error.message}`
    : `${change}: no price${before}`;
}

function heading(terminal: Terminal, text: string): string {
  return `${paint(terminal, 'bold', text)}\n`;
}

function ruleText(
  { rule, priority, matched, outcome, reason, conditions }: RuleView,
  terminal: Terminal,
): string {
  const head = `${mark(matched, terminal)} ${visible(rule)} (priority ${priority}), ${outcome.replaceAll('_', ' ')}: ${visible(reason)}\n`;
  return (
    head + (conditions === undefined ? '    it has no conditions\n' : conditionText(conditions, 4, terminal))
  );
}

function conditionText(
  { conditions = [], ...own }: ConditionView,
  indent: number,
  terminal: Terminal,
): string {
  const line = `${' '.repeat(indent)}${mark(own.holds, terminal)} ${visible(conditionLine(own))}\n`;
  return line + conditions.map((child) => conditionText(child, indent + 2, terminal)).join('');
}

function conditionLine({ kind, name, fact, operator, found, wanted }: ConditionView): string {
  if (fact === undefined) return GROUPS[kind] ?? `the condition ${name ?? ''}`;
  return `${fact} ${operator ?? ''} ${wanted ?? ''}: ${found === null || found === undefined ? 'it was not sent' : `it is ${found}`}`;
}

const GROUPS: Readonly<Record<string, string>> = { all: 'all of', any: 'any of', not: 'not' };

function mark(holds: boolean, terminal: Terminal): string {
  return holds ? paint(terminal, 'green', '✓') : paint(terminal, 'red', '✗');
}
