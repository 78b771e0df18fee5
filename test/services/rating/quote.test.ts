import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { RatebookError } from '../../../src/errors/error.js';
import { type Moment, type Quote, QuoteInputSchema } from '../../../src/gen/ratebook/v1/rate_pb.js';
import { fromRpcStatus } from '../../../src/platform/grpc/status.js';
import { computeQuote } from '../../../src/services/rating/compute-quote.js';
import { fromProtoQuoteInput } from '../../../src/services/rating/convert.js';
import { emptyBook } from '../../../src/services/rating/revisions/revision-book.js';
import { testMongo } from '../../mongo.js';
import { document, refusal, seconds, timestamp } from '../catalog/catalog.js';
import {
  EARLY,
  type Input,
  type Rating,
  heard,
  inputOf,
  openRating,
  outcomeOf,
  shown,
  use,
} from './rating.js';

describe('services/rating', () => {
  let rating: Rating;
  before(async function () {
    this.timeout(180_000);
    await testMongo();
  });
  beforeEach(async () => {
    rating = await openRating();
    await rating.publish('small', '2', timestamp(EARLY));
  });
  afterEach(() => rating.close());

  const quote = async (input: Input) => shown((await rating.client.computeQuote({ input })).quote);

  it('quotes one use', async () => {
    const { quote: answer } = await rating.client.computeQuote({ input: use('small', '3') });
    assert.equal(shown(answer), '6 by 1');
    assert.equal(answer?.currency, 'USD');
    assert.match(answer.contentHash, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      answer.evaluations[0]?.lines.map(({ line, kind, rule, price, quantity, net }) => [
        line,
        kind,
        rule,
        price,
        quantity,
        net,
      ]),
      [['units', 'charge', 'units', 'unit', '3', '6']],
    );
    assert.equal(answer.provisionalAfter, undefined);
  });

  it('a batch keeps its order, and a bad item fails itself alone', async () => {
    const inputs = [use('small', '1'), use('none', '1'), use('small', 'x'), use('small', '2')];
    const { outcomes } = await rating.client.batchComputeQuotes({ inputs });
    assert.deepEqual(outcomes.map(outcomeOf), [
      '2 by 1',
      'There is no strategy none; publish it first.',
      'input.usages[0].facts.units: "x" is not a number',
      '4 by 1',
    ]);
  });

  it('an item of a batch fails with what ComputeQuote fails with', async () => {
    const input = use('small', '-1');
    const { outcomes } = await rating.client.batchComputeQuotes({ inputs: [input] });
    const result = outcomes[0]!.outcome;
    assert.ok(result.case === 'error');
    const told = fromRpcStatus(result.value);
    await assert.rejects(rating.client.computeQuote({ input }), (error: RatebookError) => {
      assert.deepEqual(
        [told.reason, told.message, told.violations],
        [error.reason, error.message, error.violations],
      );
      return true;
    });
  });

  it('a stream answers in the order sent, each item for itself', async () => {
    const units = Array.from({ length: 300 }, (_, i) => (i % 50 === 7 ? 'x' : String(i)));
    async function* requests() {
      for (const unit of units) yield await Promise.resolve({ input: use('small', unit) });
    }
    const answers: string[] = [];
    for await (const { outcome } of rating.client.streamQuotes(requests())) answers.push(outcomeOf(outcome));
    assert.deepEqual(
      answers,
      units.map((unit) =>
        unit === 'x' ? 'input.usages[0].facts.units: "x" is not a number' : `${Number(unit) * 2} by 1`,
      ),
    );
  });

  it('a stream answers each item before the next one is sent', async () => {
    const answered: string[] = [];
    let next: () => void = () => undefined;
    async function* requests() {
      for (const unit of ['1', '2', '3']) {
        const answer = new Promise<void>((resolve) => (next = resolve));
        yield { input: use('small', unit) };
        await answer;
      }
    }
    for await (const { outcome } of rating.client.streamQuotes(requests())) {
      answered.push(outcomeOf(outcome));
      next();
    }
    assert.deepEqual(answered, ['2 by 1', '4 by 1', '6 by 1']);
  });

  it('explains a quote', async () => {
    const answer = await rating.client.explainQuote({ input: use('small', '3') });
    assert.equal(shown(answer.quote), '6 by 1');
    const [explanation] = answer.explanations;
    assert.deepEqual(
      explanation?.rules.map(({ rule, outcome }) => [rule, outcome]),
      [['units', 'won']],
    );
    assert.deepEqual(explanation.facts, { units: '3', occurred_at: '2026-02-01T00:00:00Z' });
    assert.equal(explanation.steps.at(-1)?.value, '6');
  });

  it('an explanation names the nearest other outcome', async () => {
    const { fileName, text } = document('few', '2');
    const limit = `
  - name: few
    conditions: { all: [ { fact: units, operator: greaterThan, value: 5 } ] }
    event: { type: reject, params: { code: TOO_MANY, message: Five at most. } }
`;
    const source = { fileName, text: text + limit };
    await rating.catalog.client.publishRevision({ source, effectiveFrom: timestamp(EARLY) });
    await heard(rating.book, () => rating.book.byStrategy.has('few'));
    for (const [units, told] of [
      ['5', ['6', '5', '', '10', 'REJECTED', 'Five at most.', 'few', 'units']],
      ['6', ['5', '6', '10', '', '', '', 'units', 'few']],
    ] as const) {
      const { explanations } = await rating.client.explainQuote({ input: use('few', units) });
      const [explanation] = explanations;
      assert.deepEqual(
        explanation?.alternatives.map((one) => [
          ...[one.value, one.insteadOf, one.total, one.insteadOfTotal, one.errorReason, one.errorMessage],
          ...[...one.rules, ...one.insteadOfRules],
        ]),
        [told],
      );
      assert.deepEqual(explanation.nextSteps, []);
    }
  });

  it('a refused use is explained by its error', async () => {
    const { quote: none, error } = await rating.client.explainQuote({ input: use('small', '-3') });
    assert.equal(none, undefined);
    assert.equal(error?.message, 'input.usages[0].facts.units: -3 is below 0');
  });

  for (const [name, input, reason, message] of [
    [
      'an unknown strategy',
      use('none', '1'),
      'STRATEGY_NOT_FOUND',
      /There is no strategy none; publish it first\./,
    ],
    ['an unknown revision', use('small/revisions/9', '1'), 'REVISION_NOT_FOUND', /small has no revision 9/],
    [
      'before the first revision',
      use('small', '1', '2025-01-01T00:00:00Z'),
      'REVISION_NOT_FOUND',
      /No revision of small was in effect at 2025-01-01T00:00:00Z/,
    ],
    [
      'no resource name',
      { ...use('small', '1'), strategy: 'small' },
      'INVALID_REQUEST',
      /^input\.strategy: "small" is no resource name/,
    ],
    [
      'no instant and no revision',
      use('small', '1', ''),
      'INVALID_REQUEST',
      /^occurred_at is missing; it chooses the revision/,
    ],
    [
      'an instant out of the calendar',
      inputOf('small', { occurredAt: { seconds: 10n ** 15n, nanos: 0 } }),
      'INVALID_REQUEST',
      /^input\.usages\[0\]\.occurred_at: 1000000000000000 seconds from 1970 are not within/,
    ],
    [
      'an instant with negative nanoseconds',
      inputOf('small', { occurredAt: { seconds: 1_767_225_600n, nanos: -5 } }),
      'INVALID_REQUEST',
      /^input\.usages\[0\]\.occurred_at: has -5 nanoseconds; send 0 to 999999999/,
    ],
    ['no usage', inputOf('small'), 'INVALID_REQUEST', /^input\.usages: holds 0; 1 to 1000 are taken/],
    [
      'two bills at once',
      { ...inputOf('small', {}, {}), moment: 4 },
      'INVALID_REQUEST',
      /^input\.usages: holds 2; exactly one is taken at the moment invoice/,
    ],
    [
      'an unknown moment',
      { ...use('small', '1'), moment: JSON.parse('9') as Moment },
      'INVALID_REQUEST',
      /^input\.moment: 9 is no moment/,
    ],
    ['no input', undefined, 'INVALID_REQUEST', /^input: is missing/],
  ] as const) {
    it(`refused: ${name}`, () =>
      assert.rejects(rating.client.computeQuote({ input }), refusal(reason, message)));
  }

  const decimal = (value: string) => ({ kind: { case: 'decimalValue' as const, value } });
  const at = timestamp('2026-02-01T00:00:00Z');
  for (const [name, usages, expected] of [
    [
      'of one use',
      [{ occurredAt: at, facts: { unit: decimal('1') } }],
      ['input.usages[0].facts.unit', 'input.usages[0].facts.units'],
    ],
    [
      'of the second of two',
      [
        { occurredAt: at, facts: { units: decimal('1') } },
        { occurredAt: at, facts: { units: decimal('-1') } },
      ],
      ['input.usages[1].facts.units'],
    ],
    [
      'of what cannot be read at all',
      [{ occurredAt: at, facts: { units: decimal('x'), more: {} } }],
      ['input.usages[0].facts.more'],
    ],
    [
      'of a fact that is a field',
      [{ occurredAt: at, facts: { units: decimal('1'), occurred_at: decimal('1') } }],
      ['input.usages[0].occurred_at'],
    ],
  ] as const) {
    it(`violations have the paths of the request: ${name}`, () =>
      assert.rejects(
        rating.client.computeQuote({ input: inputOf('small', ...usages) }),
        (error: RatebookError) => {
          assert.deepEqual(error.violations.map(({ field }) => field).sort(), expected);
          assert.match(error.message, /^input\.usages/);
          return true;
        },
      ));
  }
  it('violations of running totals have the paths of the request', () =>
    assert.rejects(
      rating.client.computeQuote({ input: { ...use('small', '1'), used: { unitt: '1' } } }),
      refusal('INVALID_FACTS', /^input\.used\.unitt: is no price or counter of small; did you mean unit\?/),
    ));

  for (const count of [0, 1001]) {
    it(`a batch of ${count} is refused`, () =>
      assert.rejects(
        rating.client.batchComputeQuotes({ inputs: Array.from({ length: count }, () => use('small', '1')) }),
        refusal('INVALID_REQUEST', new RegExp(`inputs: holds ${count}; 1 to 1000 are taken`)),
      ));
  }

  describe('which revision', () => {
    it('the one in effect at the instant, or the one that is named', async () => {
      await rating.publish('small', '5', timestamp('2026-02-15T00:00:00Z'));
      for (const [input, expected] of [
        [use('small', '1', '2026-02-14T23:59:59Z'), '2 by 1'],
        [use('small', '1', '2026-02-15T00:00:00Z'), '5 by 2'],
        [use('small/revisions/1', '1', '2026-02-20T00:00:00Z'), '2 by 1'],
        [use('small/revisions/2', '1', '2026-01-20T00:00:00Z'), '5 by 2'],
        [use('small/revisions/1', '1', ''), '2 by 1'],
      ] as const)
        assert.equal(await quote(input), expected);
    });

    it('a scheduled one takes effect at its time', async () => {
      await rating.publish('small', '5', timestamp('2026-03-01T00:10:00Z'));
      assert.equal(await quote(use('small', '1', '2026-03-01T00:00:00Z')), '2 by 1');
      rating.catalog.clock.time += seconds(900);
      assert.equal(await quote(use('small', '1', '2026-03-01T00:09:59Z')), '2 by 1');
      assert.equal(await quote(use('small', '1', '2026-03-01T00:10:00Z')), '5 by 2');
    });

    it('one that was withdrawn never does', async () => {
      await rating.publish('small', '5', timestamp('2026-03-01T00:10:00Z'));
      await rating.catalog.client.withdrawRevision({ name: 'strategies/small/revisions/2' });
      rating.catalog.clock.time += seconds(900);
      assert.equal(await quote(use('small', '1', '2026-03-01T00:10:00Z')), '2 by 1');
      await assert.rejects(
        quote(use('small/revisions/2', '1')),
        refusal('REVISION_NOT_FOUND', /no revision 2 that is not withdrawn/),
      );
    });

    it('a use beyond the watermark waits until it is known which', async () => {
      const waiting = quote(use('small', '1', '2026-03-01T00:01:00Z'));
      rating.catalog.clock.time += seconds(60);
      assert.equal(await waiting, '2 by 1');
    });

    it('not for long: then it is unavailable, and when to try again', () =>
      assert.rejects(quote(use('small', '1', '2026-03-01T00:01:00Z')), (error: RatebookError) => {
        assert.equal(error.reason, 'UNAVAILABLE');
        assert.equal(error.retryAfterMs, 1_000);
        assert.match(
          error.message,
          /^Revisions are known up to 2026-03-01T00:00:03Z and 2026-03-01T00:01:00Z is later; try again/,
        );
        return true;
      }));

    it('those of a batch wait together, and no warning comes of it', async () => {
      const warnings: string[] = [];
      const note = ({ name }: Error) => warnings.push(name);
      process.on('warning', note);
      const inputs = Array.from({ length: 20 }, () => use('small', '1', '2026-03-01T00:01:00Z'));
      const started = performance.now();
      const { outcomes } = await rating.client.batchComputeQuotes({ inputs: [...inputs, use('small', '1')] });
      assert.ok(performance.now() - started < 10_000);
      process.off('warning', note);
      assert.deepEqual(warnings, []);
      assert.equal(
        outcomes.filter((outcome) => outcomeOf(outcome).startsWith('Revisions are known')).length,
        20,
      );
      assert.equal(outcomeOf(outcomes.at(-1)), '2 by 1');
    });

    it('one named the moment it was published', async () => {
      const { client } = rating.catalog;
      await client.publishRevision({
        source: document('small', '7'),
        effectiveFrom: timestamp('2026-02-20T00:00:00Z'),
      });
      assert.equal(await quote(use('small/revisions/2', '1')), '7 by 2');
    });

    it('one named ahead of time is quoted at once', async () => {
      assert.equal(await quote(use('small/revisions/1', '1', '2030-01-01T00:00:00Z')), '2 by 1');
    });
  });

  describe('while the catalog is away', () => {
    it('the last good revisions go on serving, and say from when on they may be wrong', async () => {
      const watermark = rating.catalog.clock.now() + seconds(3);
      await heard(rating.book, () => rating.book.watermark === watermark);
      await rating.loseCatalog();
      // Until it has been silent for long enough, a caller is told to try again.
      let after: Quote | undefined;
      while (after === undefined) {
        const later = { input: use('small', '1', '2026-03-02T00:00:00Z') };
        after = await rating.client.computeQuote(later).then(
          ({ quote: answer }) => answer,
          (error: unknown) => void refusal('UNAVAILABLE')(error as RatebookError),
        );
      }
      assert.equal(shown(after), '2 by 1');
      assert.deepEqual(after.provisionalAfter, timestampFromDate(new Date('2026-03-01T00:00:03Z')));
      const before = (await rating.client.computeQuote({ input: use('small', '1') })).quote;
      assert.equal(before?.provisionalAfter, undefined);
    });

    for (const name of ['small', 'small/revisions/1']) {
      it(`nothing is known before it has been heard once: ${name}`, async () => {
        const request = fromProtoQuoteInput(create(QuoteInputSchema, use(name, '1')));
        const { signal } = new AbortController();
        await assert.rejects(
          async () => computeQuote(emptyBook(), request, signal),
          refusal('UNAVAILABLE', /^The catalog has not been reached yet/),
        );
      });
    }
  });
});
