import assert from 'node:assert/strict';
import { MongoServerError } from 'mongodb';
import { mongoFailure } from '../../src/platform/mongo/failure.js';

describe('platform/mongo: what a code of the server means', () => {
  for (const [code, what, reason] of [
    [112, 'a write conflict', 'CONFLICT'],
    [11000, 'a key that others have taken', 'CONFLICT'],
    [91, 'a server that shuts down', 'UNAVAILABLE'],
    [189, 'a primary that steps down', 'UNAVAILABLE'],
    [134, 'a server that has just come back', 'UNAVAILABLE'],
    [43, 'a cursor that a restart has closed', 'UNAVAILABLE'],
    [9, 'a command that nobody understands', undefined],
  ] as const) {
    it(`${what}: ${reason ?? 'unforeseen'}`, () => {
      assert.equal(mongoFailure(new MongoServerError({ message: what, code }))?.reason, reason);
    });
  }
});
