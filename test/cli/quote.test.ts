import assert from 'node:assert/strict';
import { FACTS, REBATES, STRATEGY, folder, ratebook } from './run.js';

type Json = Readonly<Record<string, unknown>>;
const parse = (text: string) => JSON.parse(text) as Json;

describe('cli/quote and cli/explain', () => {
  const { at, write } = folder();
  before(async () => {
    await write('hosting.yaml', STRATEGY);
    await write('rebates.csv', REBATES);
    await write('facts.json', FACTS);
  });
  const quote = (facts: string, ...options: string[]) =>
    ratebook(['quote', at('hosting.yaml'), '--facts', '-', ...options], facts);

  it('prints one JSON object with exact amounts as texts', async () => {
    const { code, out, err } = await ratebook([
      'quote',
      at('hosting.yaml'),
      '--facts',
      at('facts.json'),
      '--json',
    ]);
    assert.deepEqual([code, err], [0, '']);
    const { strategy, currency, amount, total, lines, discounts, content_hash } = parse(out);
    assert.deepEqual(
      { strategy, currency, amount, total },
      { strategy: 'hosting', currency: 'EUR', amount: '9.9', total: '9.9' },
    );
    assert.match(String(content_hash), /^[0-9a-f]{64}$/);
    const tiers = [
      { tier: 1, up_to: '100', quantity: '100', unit_price: '0.1', per: '1', flat: '0', amount: '10' },
      { tier: 2, up_to: null, quantity: '20', unit_price: '0.05', per: '1', flat: '0', amount: '1' },
    ];
    assert.deepEqual(lines, [
      {
        line: 'traffic',
        kind: 'charge',
        price: 'traffic',
        rule: 'traffic',
        quantity: '120',
        used_before: '0',
        amount: '11',
        net: '9.9',
        tiers,
      },
    ]);
    assert.deepEqual(discounts, [{ rule: 'plan rebate', label: 'plan', kind: 'percent', amount: '1.1' }]);
  });

  it('shows no quantity on the line of a statement', async () => {
    const { out } = await quote(
      '{ "moment": "invoice", "lines": { "traffic": "9.90" }, "facts": { "occurred_at": "2026-01-31T12:00:00Z" } }',
    );
    assert.match(out, /^traffic +9\.9$/m);
  });

  it('shows a table to people', async () => {
    const { code, out } = await quote(FACTS);
    assert.equal(code, 0);
    assert.equal(
      out,
      `hosting · usage · EUR

Line                 Price    Rule         Quantity  Amount
traffic              traffic  traffic           120      11
  tier 1, up to 100           × 0.1             100      10
  tier 2, beyond              × 0.05             20       1
plan                          plan rebate              -1.1
                                             Amount     9.9
`,
    );
  });

  const use = { traffic: 60, plan: 'free', occurred_at: '2026-01-05T12:00:00Z' };
  for (const [what, facts, options, amount] of [
    ['facts of one use', use, [], '6'],
    ['numbers as texts', { ...use, traffic: '60' }, [], '6'],
    ['a running total as an option', use, ['--used', '{"traffic": "100"}'], '3'],
    ['a running total as a number', use, ['--used', '{"traffic": 100}'], '3'],
    ['a list of uses, each after the other', [use, use], [], '11'],
    [
      'a case, with what it expects',
      { name: 'x', facts: use, used: { traffic: 90 }, expect: { amount: 0 } },
      [],
      '3.5',
    ],
    [
      'an option over what the facts say',
      { facts: use, used: { traffic: 0 } },
      ['--used', '{traffic: 100}'],
      '3',
    ],
  ] as const) {
    it(`takes ${what}`, async () => {
      const { out } = await quote(JSON.stringify(facts), '--json', ...options);
      assert.equal(parse(out)['amount'], amount, out);
    });
  }

  it('gives each of several uses its amount', async () => {
    const { out } = await quote(JSON.stringify({ usage: [use, use] }), '--json');
    const { amounts, lines, evaluations } = parse(out);
    assert.deepEqual(amounts, ['6', '5']);
    assert.deepEqual([(lines as Json[]).length, (evaluations as Json[]).length], [2, 2]);
  });

  for (const [what, facts, options, code, reason, message] of [
    ['nothing charges', { ...use, traffic: 0 }, [], 3, 'NO_PRICE', /No charge rule of hosting matches/],
    ['a value of the wrong type', { ...use, traffic: '1x' }, [], 3, 'INVALID_FACTS', /"1x" is not a number/],
    ['an unknown fact', { ...use, trafic: 1 }, [], 3, 'INVALID_FACTS', /did you mean traffic\?/],
    [
      'a nested fact',
      { ...use, account: { country: 'DE' } },
      [],
      3,
      'INVALID_FACTS',
      /write "account.country"/,
    ],
    [
      'a list in which a use is no map',
      [use, 3],
      [],
      3,
      'INVALID_FACTS',
      /`3` stands here; a map was expected/,
    ],
    ['an unknown key beside facts', { facts: use, usd: {} }, [], 3, 'INVALID_FACTS', /did you mean `used`/],
    ['facts that are no map', 3, [], 3, 'INVALID_FACTS', /`3` stands here/],
    ['a total of no price', use, ['--used', '{"trafic": 1}'], 3, 'INVALID_FACTS', /did you mean traffic\?/],
    [
      'a total that is no number',
      use,
      ['--used', '{"traffic": NaN}'],
      1,
      'INVALID_REQUEST',
      /"NaN" is not a number/,
    ],
    [
      'a total beyond all bounds',
      use,
      ['--used', '{"traffic": 1e999}'],
      1,
      'INVALID_REQUEST',
      /more than 16 integer/,
    ],
    ['totals that are no JSON', use, ['--used', '{"traffic": ['], 1, 'INVALID_REQUEST', /--used:1/],
    ['a moment that is none', use, ['--moment', 'usge'], 1, 'INVALID_REQUEST', /Did you mean usage\?/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const ran = await quote(JSON.stringify(facts), '--json', ...options);
      const { error } = parse(ran.out) as { error: Json };
      assert.deepEqual([ran.code, error['reason'], ran.err], [code, reason, '']);
      assert.match(String(error['message']), message);
      assert.ok(Array.isArray(error['violations']));
    });
  }

  for (const [what, facts, code, message] of [
    ['facts that break off', '{"traffic": ', 1, /^error: -:1:1/],
    ['a fact named __proto__', '{"__proto__": "x", "traffic": 1}', 3, /`__proto__` is no name/],
    ['a fact sent twice', '{"traffic": 1, "traffic": 2}', 1, /here a second time/],
    ['no facts', '', 1, /The file is empty/],
    ['bytes', '\u0000\u0001', 1, /U\+0000/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const ran = await quote(facts);
      assert.deepEqual([ran.code, ran.out], [code, '']);
      assert.match(ran.err, message);
    });
  }

  it('lists every violation to people', async () => {
    const { err } = await quote('{"traffic": "1x", "plan": "gold"}');
    assert.match(
      err,
      /^error: INVALID_FACTS, for 2 reasons:\n {2}facts\.traffic: .*\n {2}facts\.plan: .*\n$/,
    );
  });

  it('refuses an invalid document with its faults', async () => {
    const file = await write('bad.yaml', STRATEGY.replace('price: traffic', 'price: trafic'));
    const ran = await ratebook(['quote', file, '--facts', at('facts.json'), '--json']);
    const { error } = parse(ran.out) as { error: { reason: string; faults: Json[] } };
    assert.deepEqual([ran.code, error.reason], [2, 'INVALID_DOCUMENT']);
    assert.deepEqual(error.faults[0]?.['path'], 'rules[0].event.params.price');
  });

  it('explains every rule, condition and step', async () => {
    const { code, out } = await ratebook(['explain', at('hosting.yaml'), '--facts', at('facts.json')]);
    assert.equal(code, 0);
    for (const line of [
      /^✓ traffic \(priority 1\), won: /m,
      /^ {6}✓ traffic greaterThan 0: it is 120$/m,
      /^ {6}✓ rebate greaterThan 0: it is 10$/m,
      /20 × 0\.05 = +1$/m,
      /Amount +9\.9$/m,
    ])
      assert.match(out, line);
  });

  const explain = async (facts: object, ...options: string[]) =>
    ratebook(['explain', at('hosting.yaml'), '--facts', '-', ...options], JSON.stringify(facts));

  it('names the nearest other outcomes in sentences', async () => {
    const { out } = await explain({ ...use, traffic: 62 });
    assert.match(out, /^Nearest other outcomes\n(.+\n)+\nQuote$/m);
    assert.match(out, /^plan pro instead of free: 5\.58 instead of 6\.2$/m);
    assert.match(out, /^traffic: 38 units below the next tier: up to 100 at 0\.1, then 0\.05\.$/m);
    const { out: none } = await explain({ ...use, traffic: 0 });
    assert.match(none, /^Nearest other outcomes\ntraffic 1 instead of 0: 0\.1$/m);
  });

  it('says what would have no price, and why it would be refused', async () => {
    const refusing = STRATEGY.replace(
      'rules:\n',
      `rules:
  - name: no gifts
    conditions: { all: [ { fact: plan, operator: equal, value: free } ] }
    event: { type: reject, params: { code: NO_GIFTS, message: Nothing is for free. } }
`,
    );
    const file = await write('refusing.yaml', refusing);
    const facts = JSON.stringify({ ...use, plan: 'pro', traffic: 62 });
    const { out } = await ratebook(['explain', file, '--facts', '-'], facts);
    assert.match(out, /^plan free instead of pro: refused instead of 5\.58: Nothing is for free\.$/m);
  });

  it('prints the nearest other outcomes as data', async () => {
    const { out } = await explain({ ...use, traffic: 62 }, '--json');
    const { explanations } = parse(out) as { explanations: Json[] };
    assert.deepEqual(explanations[0]?.['alternatives'], [
      {
        fact: 'plan',
        value: 'pro',
        instead_of: 'free',
        total: '5.58',
        instead_of_total: '6.2',
        rules: ['traffic', 'plan rebate'],
        instead_of_rules: ['traffic'],
      },
    ]);
    assert.deepEqual(explanations[0]['next_steps'], [
      {
        line: 'traffic',
        price: 'traffic',
        kind: 'tier',
        left: '38',
        what: '38 units below the next tier: up to 100 at 0.1, then 0.05.',
      },
    ]);
  });

  it('explains why there is no price', async () => {
    const facts = JSON.stringify({ ...use, traffic: 0 });
    const ran = await ratebook(['explain', at('hosting.yaml'), '--facts', '-', '--json'], facts);
    const { error, explanations } = parse(ran.out) as { error: Json; explanations: { rules: Json[] }[] };
    assert.deepEqual([ran.code, error['reason']], [3, 'NO_PRICE']);
    assert.deepEqual(explanations[0]?.rules[0]?.['conditions'], {
      kind: 'all',
      holds: false,
      conditions: [
        { kind: 'leaf', holds: false, fact: 'traffic', operator: 'greaterThan', found: '0', wanted: '0' },
      ],
    });
  });
});
