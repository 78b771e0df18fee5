import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../src/cli/program.js';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** The program in this process, with what it wrote. */
export async function ratebook(args: readonly string[], stdin = ''): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runProgram(args, {
    print: (text) => out.push(text),
    complain: (text) => err.push(text),
    input: chunks(stdin),
    color: false,
  });
  return { code, out: out.join(''), err: err.join('') };
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  for (const line of text.split(/(?<=\n)/)) yield await Promise.resolve(Buffer.from(line));
}

/** A folder that is there for the tests of the `describe` that calls this; `at` names a file in it, `write` makes one. */
export function folder() {
  let path = '';
  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'ratebook-cli-'));
  });
  after(() => rm(path, { recursive: true }));
  const at = (name: string) => join(path, name);
  const write = async (name: string, text: string | Uint8Array) => {
    await writeFile(at(name), text);
    return at(name);
  };
  return { at, write };
}

/** One price in two tiers, a discount by a lookup, and cases. */
export const STRATEGY = `strategy: hosting
currency: EUR
time_zone: Europe/Berlin

facts:
  traffic: { type: decimal, min: 0, unit: GB, billable: true }
  plan: { type: string, one_of: [ free, pro ] }

lookups:
  rebate: { by: [ plan ], type: decimal, rows: rebates.csv }

prices:
  traffic:
    model: graduated
    quantity: traffic
    tiers: [ { up_to: 100, unit_price: 0.10 }, { unit_price: 0.05 } ]

rules:
  - name: traffic
    conditions: { all: [ { fact: traffic, operator: greaterThan, value: 0 } ] }
    event: { type: charge, params: { price: traffic } }
  - name: plan rebate
    conditions: { all: [ { fact: rebate, operator: greaterThan, value: 0 } ] }
    event: { type: discount, params: { percent: { fact: rebate }, label: plan } }

cases:
  - name: into the second tier
    facts: { traffic: 120, plan: free, occurred_at: 2026-01-05T12:00:00Z }
    expect: { amount: 11 }
`;
export const REBATES = 'plan,rebate\nfree,0\npro,10\n';
export const FACTS = '{"traffic": 120.0, "plan": "pro", "occurred_at": "2026-01-05T12:00:00Z"}';
