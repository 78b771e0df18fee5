import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addUse, openBatches, takeBatches } from '../../src/cli/import/batches.js';
import { repeatWhileAway } from '../../src/cli/import/repeat.js';
import { RatebookError } from '../../src/errors/error.js';

describe('cli/import', () => {
  const away = (retryAfterMs?: number) => new RatebookError('UNAVAILABLE', 'Away.', { retryAfterMs });
  const answering = async (...answers: readonly (RatebookError | string)[]) => {
    const left = [...answers];
    const pauses: number[] = [];
    const call = () => {
      const answer = left.shift() ?? 'nothing';
      return typeof answer === 'string' ? Promise.resolve(answer) : Promise.reject(answer);
    };
    const pause = (ms: number) => Promise.resolve(pauses.push(ms));
    const said = await repeatWhileAway(call, pause).catch((error: unknown) => error);
    return { said, pauses };
  };

  it('calls again after the delay that the answer names, or twice the one before', async () => {
    assert.deepEqual(await answering('there'), { said: 'there', pauses: [] });
    const conflict = new RatebookError('CONFLICT', 'Met.');
    const { said, pauses } = await answering(away(1_000), away(), conflict, 'there');
    assert.deepEqual([said, pauses], ['there', [1_000, 500, 1_000]]);
  });

  it('gives up in the end, and at once where a repeat would not help', async () => {
    const last = away();
    const { said, pauses } = await answering(...Array.from({ length: 7 }, () => away()), last, 'too late');
    assert.deepEqual([said, pauses], [last, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]]);
    const refused = new RatebookError('PERMISSION_DENIED', 'No.');
    assert.deepEqual(await answering(refused, 'not asked'), { said: refused, pauses: [] });
  });

  it('sends every use once, in the order of its account, and no account twice at a time', () => {
    const account = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const size = fc.oneof(fc.constant(10), fc.constant(600_000));
    fc.assert(
      fc.property(fc.array(fc.tuple(account, size), { maxLength: 1_500 }), (rows) => {
        const uses = rows.map(([id, characters], line) => ({
          account: id,
          line,
          message: {},
          size: characters,
        }));
        const batches = openBatches();
        const groups = [];
        for (const use of uses) if (addUse(batches, use)) groups.push(takeBatches(batches));
        groups.push(takeBatches(batches));
        const perAccount = (all: readonly { readonly account: string; readonly line: number }[]) =>
          ['a', 'b', 'c', 'd', 'e'].map((id) =>
            all.filter((use) => use.account === id).map(({ line }) => line),
          );
        assert.deepEqual(perAccount(groups.flat(2)), perAccount(uses));
        for (const group of groups) {
          const ids = group.flatMap((batch) => [...new Set(batch.map((use) => use.account))]);
          assert.equal(new Set(ids).size, ids.length);
          for (const batch of group) assert.ok(batch.length >= 1 && batch.length <= 500);
        }
      }),
      { numRuns: 50 },
    );
  });
});
