import { left, right, table } from '../table.js';
import { type Terminal, paint } from '../terminal.js';
import { shorten } from '../../strategy/fact-value.js';
import { visible } from '../../strategy/source/render-fault.js';
import type { BackTestView, UnpricedView } from './back-test-view.js';

/** A back-test for people: what both documents earn, line by line, who pays more or less, and what has no price. */
export function backTestTable(view: BackTestView, terminal: Terminal): string {
  const { from, to, usages, duplicates, accounts, data } = view;
  const { up, down, same, mixed, unpriced } = accounts;
  const counted = up + down + same + mixed + unpriced;
  const payers = data.account_column === null ? 'taken as one account' : plural(counted, 'account');
  const again = duplicates === 0 ? [] : [`${plural(duplicates, 'repeated row')} left out`];
  const heading = [`${from.name} → ${to.name}`, plural(usages, 'usage'), payers, ...again];
  return [
    `${paint(terminal, 'bold', visible(heading.join(' · ')))}\n`,
    totalsTable(view, terminal),
    accountsText(view),
    moversTable(view, terminal),
    unpricedText(view, terminal),
    measuredText(view),
    originTable(view, terminal),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const TOTALS = [left('Line'), left(''), right('Before'), right('After'), right('Delta'), right('%')];

function totalsTable(view: BackTestView, terminal: Terminal): string {
  const rows = Object.keys(view.before).flatMap((currency) => [
    ...view.lines
      .filter((line) => line.currency === currency)
      .map((line) => [
        ...[line.line, '', line.before, line.after, signed(line.delta), percent(line.delta_percent)],
      ]),
    ['Total', currency, ...sums(view, currency), percent(view.delta_percent[currency] ?? null)],
  ]);
  const both = view.priced_by_both;
  const isAll = (['before', 'after'] as const).every((side) =>
    Object.entries(view[side]).every(([currency, amount]) => both[side][currency] === amount),
  );
  const shared = isAll
    ? []
    : Object.keys(both.before).map((currency) => ['Priced by both', currency, ...sums(both, currency), '']);
  return titled(table(TOTALS, [...rows, ...shared]), terminal);
}

type Sums = Pick<BackTestView, 'before' | 'after' | 'delta'>;

function sums({ before, after, delta }: Sums, currency: string): readonly string[] {
  return [before[currency] ?? '0', after[currency] ?? '0', signed(delta[currency] ?? '0')];
}

function accountsText({ accounts: { up, down, same, mixed, unpriced }, data }: BackTestView): string {
  if (data.account_column === null) return '';
  const both = mixed === 0 ? '' : `, ${number(mixed)} in both directions`;
  const none = unpriced === 0 ? '' : `, ${number(unpriced)} without any price`;
  return `Accounts: ${number(up)} pay more, ${number(down)} pay less, ${number(same)} the same${both}${none}.\n`;
}

const MOVERS = [...[left('Account'), left(''), right('Before'), right('After'), right('Delta')]];

function moversTable({ movers, data }: BackTestView, terminal: Terminal): string {
  if (movers.length === 0 || data.account_column === null) return '';
  const rows = movers.map(({ account, currency, before, after, delta }) => [
    ...[shorten(account), currency, before, after, signed(delta)],
  ]);
  return titled(table(MOVERS, rows), terminal);
}

function unpricedText({ unpriced }: BackTestView, terminal: Terminal): string {
  return sideText('before', unpriced.before, terminal) + sideText('after', unpriced.after, terminal);
}

function sideText(side: string, { usages, kinds, others }: UnpricedView, terminal: Terminal): string {
  if (usages === 0) return '';
  const told = kinds.map(
    (kind) =>
      `  ${number(kind.usages)} × ${[kind.reason, kind.about].join(' ').trim()}, first on line ${kind.line}:\n` +
      `    ${kind.message}\n`,
  );
  const rest = others === 0 ? '' : `  ${number(others)} for other reasons\n`;
  const heading = paint(terminal, 'red', `Without a price ${side}: ${plural(usages, 'usage')}`);
  return `${heading}\n${told.map(shown).join('')}${rest}`;
}

/** Messages quote the recording. */
function shown(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

function measuredText({ measured: { before, after } }: BackTestView): string {
  if (before + after === 0) return '';
  return `Measured, so without an amount until a period closes: ${plural(before, 'usage')} before, ${number(after)} after.\n`;
}

function originTable({ from, to, data }: BackTestView, terminal: Terminal): string {
  const rows = [
    ['before', from.name, from.content_hash],
    ['after', to.name, to.content_hash],
    ['data', data.file, data.sha256],
  ];
  return titled(table([left(''), left(''), left('Content, SHA-256')], rows), terminal);
}

function titled(text: string, terminal: Terminal): string {
  const end = text.indexOf('\n');
  return paint(terminal, 'dim', text.slice(0, end)) + text.slice(end);
}

function signed(amount: string): string {
  return amount === '0' || amount.startsWith('-') ? amount : `+${amount}`;
}

function percent(value: string | null): string {
  return value === null ? '' : signed(value);
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function plural(value: number, noun: string): string {
  return `${number(value)} ${value === 1 ? noun : `${noun}s`}`;
}
