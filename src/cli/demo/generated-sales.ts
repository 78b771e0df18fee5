import { type Quantiles, draw, random } from './draw.js';
import { PENCE, scaledText } from './scaled-text.js';

/** A day of invoice lines, as the file of it: CSV with the titles of the recorded ones. */
export type SalesFile = { readonly name: string; readonly text: string };

/**
 * A stand-in for recorded invoices where those are not at hand: a tenth of the lines, on invoices a third as long. The
 * figures describe thirteen days of the UCI Online Retail data set (D. Chen, CC BY 4.0;
 * github.com/databricks/Spark-The-Definitive-Guide): lines a day, and quantiles of lines an invoice, pieces and prices,
 * but for the highest hundredth: there dear goods are bought one by one, and here prices and pieces are drawn apart. Like
 * there, invoices are cancelled by others with negative quantities, lines are repeated word for word, some cost nothing,
 * and some have no customer.
 */
const LINES: readonly (readonly [day: string, lines: number])[] = [
  ['2010-12-01', 311],
  ['2011-01-04', 118],
  ['2011-02-01', 157],
  ['2011-03-01', 136],
  ['2011-04-01', 126],
  ['2011-05-01', 45],
  ['2011-06-01', 146],
  ['2011-07-01', 103],
  ['2011-08-01', 120],
  ['2011-09-01', 141],
  ['2011-10-02', 143],
  ['2011-11-01', 179],
  ['2011-12-01', 290],
];

const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const quantiles = (...values: readonly number[]): Quantiles => ({ shares: SHARES, values });
const LINES_SOLD = quantiles(1, 1, 1, 2, 3, 4, 5, 7, 10, 16, 60);
const LINES_CANCELLED = quantiles(1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 11);
const PIECES_SOLD = quantiles(1, 1, 1, 2, 2, 3, 5, 8, 12, 24, 100);
const PIECES_CANCELLED = quantiles(1, 1, 1, 1, 1, 2, 2, 4, 9, 24, 200);
const PENNIES = quantiles(6, 65, 85, 125, 165, 208, 255, 375, 495, 762, 1695);

/** Of invoices: cancellations; those that name no customer. Of lines: carriage; at no price; there twice. */
const CANCELLED = 0.145;
const NOBODY = 0.2;
const CARRIAGE = 0.002;
const FREE = 0.004;
const TWICE = 0.009;

const CUSTOMERS = 67;
/** Above those of the recorded ones, so that a database may hold both. */
const FIRST_CUSTOMER = 20_001;
const FIRST_INVOICE = 536_365;
const GOODS = 4_000;
const FIRST_CODE = 20_000;
const TITLES = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
/** Minutes of a day in which there are sales, and when they begin. */
const OPEN = 12 * 60;
const OPENS = 8 * 60;

/** The files of all days; the same for the same seed. */
export function generateSales(seed: number): readonly SalesFile[] {
  const next = random(seed);
  let invoice = FIRST_INVOICE;
  return LINES.map(([day, most]) => {
    const lines: string[] = [];
    while (lines.length < most) {
      const time = timeAt(OPENS + Math.floor((OPEN * lines.length) / most));
      lines.push(...generateInvoice(next, { number: invoice++, at: `${day} ${time}` }, most - lines.length));
    }
    return { name: `${day}.csv`, text: `${[TITLES, ...lines].join('\n')}\n` };
  });
}

type Invoice = { readonly number: number; readonly at: string };

function generateInvoice(next: () => number, { number, at }: Invoice, most: number): readonly string[] {
  const isCancelled = next() < CANCELLED;
  const customer = next() < NOBODY ? '' : `${FIRST_CUSTOMER + Math.floor(next() * CUSTOMERS)}.0`;
  const count = Math.min(most, draw(isCancelled ? LINES_CANCELLED : LINES_SOLD, next()));
  const lines: string[] = [];
  while (lines.length < count) {
    const line = [
      `${isCancelled ? 'C' : ''}${number},${generateGoods(next)}`,
      isCancelled ? -draw(PIECES_CANCELLED, next()) : draw(PIECES_SOLD, next()),
      ...[at, generatePrice(next), customer, 'United Kingdom'],
    ].join(',');
    lines.push(line);
    if (next() < TWICE && lines.length < count) lines.push(line);
  }
  return lines;
}

/** A code and a description, which may have a comma in it. */
function generateGoods(next: () => number): string {
  if (next() < CARRIAGE) return 'POST,POSTAGE';
  const code = FIRST_CODE + Math.floor(next() * GOODS);
  return `${code},"GOODS ${code}, BOXED"`;
}

function generatePrice(next: () => number): string {
  const pennies = next() < FREE ? 0 : draw(PENNIES, next());
  return scaledText(BigInt(pennies), PENCE);
}

function timeAt(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}:00`;
}
