import assert from 'node:assert/strict';
import { Metadata, type StatusObject, status as codes } from '@grpc/grpc-js';
import { type Reason, catalogue } from '../../../src/errors/catalogue.js';
import { RatebookError } from '../../../src/errors/error.js';
import {
  fromGrpcStatus,
  fromRpcStatus,
  toGrpcStatus,
  toRpcStatus,
} from '../../../src/platform/grpc/status.js';

const CODES = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

describe('platform/grpc/status', () => {
  for (const reason of Object.keys(catalogue) as Reason[]) {
    it(`${reason} goes and comes back, in a trailer and in a message`, () => {
      const error = new RatebookError(reason, `about ${reason}`, {
        violations: [{ field: 'a.b', description: 'c' }],
        metadata: { d: 'e' },
        retryAfterMs: 2_250,
      });
      const status = toGrpcStatus(error);
      assert.equal(status.code, CODES[catalogue[reason]]);
      for (const back of [fromGrpcStatus(status, 'x'), fromRpcStatus(toRpcStatus(error))]) {
        assert.deepEqual(told(back), told(error));
      }
    });
  }

  it('a cause never travels', () => {
    const error = new RatebookError('UNAVAILABLE', 'away', {
      cause: new Error('mongodb://user:hunter2@host'),
    });
    const status = toGrpcStatus(error);
    assert.doesNotMatch(JSON.stringify([status.details, status.metadata.getMap()]), /hunter2/);
    assert.equal(fromGrpcStatus(status, 'x').cause, undefined);
  });

  it('trailers stay small enough for every client: what does not fit is counted', () => {
    const violations = Array.from({ length: 1_000 }, (_, i) => ({
      field: `rules[${i}]`,
      description: 'ü'.repeat(50),
    }));
    const error = new RatebookError('INVALID_DOCUMENT', '长'.repeat(5_000), { violations });
    const status = toGrpcStatus(error);
    const [details] = status.metadata.get('grpc-status-details-bin');
    assert.ok(details instanceof Buffer);
    const sent = details.toString('base64').length + encodeURI(status.details).length;
    assert.ok(sent < 8_192, `${sent} bytes of trailers`);
    const back = fromGrpcStatus(status, 'x').violations;
    assert.deepEqual(back.slice(0, -1), violations.slice(0, back.length - 1));
    assert.equal(back.at(-1)?.description, `and ${1_001 - back.length} more that do not fit here`);
    assert.equal(toRpcStatus(error).details.length, 2);
    assert.equal(fromRpcStatus(toRpcStatus(error)).violations.length, 1_000);
  });

  it('half a surrogate pair in a message does not break the call', () => {
    assert.equal(toGrpcStatus(new RatebookError('NO_PRICE', 'cut \ud83d')).details, 'cut \ufffd');
    assert.equal(toGrpcStatus(new RatebookError('NO_PRICE', 'whole 😀')).details, 'whole 😀');
  });

  for (const [name, reason] of [
    ['CANCELLED', 'CANCELLED'],
    ['UNKNOWN', 'INTERNAL'],
    ['INVALID_ARGUMENT', 'INVALID_REQUEST'],
    ['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'],
    ['NOT_FOUND', 'INTERNAL'],
    ['PERMISSION_DENIED', 'PERMISSION_DENIED'],
    ['RESOURCE_EXHAUSTED', 'TOO_LARGE'],
    ['ABORTED', 'CONFLICT'],
    ['UNIMPLEMENTED', 'INTERNAL'],
    ['UNAVAILABLE', 'UNAVAILABLE'],
    ['UNAUTHENTICATED', 'UNAUTHENTICATED'],
  ] as const) {
    it(`${name} without details of ours → ${reason}`, () => {
      assert.equal(fromGrpcStatus(bare(name), 'x').reason, reason);
    });
  }

  it('a trailer that cannot be read is passed over', () => {
    const status = bare('UNAVAILABLE');
    status.metadata.set('grpc-status-details-bin', Buffer.from([0xff, 0xff]));
    assert.equal(
      fromGrpcStatus(status, 'host:1').message,
      'Ratebook at host:1 cannot be reached (why); check that it runs there.',
    );
  });
});

function told({ reason, message, violations, metadata, retryAfterMs }: RatebookError) {
  return { reason, message, violations, metadata, retryAfterMs };
}

function bare(name: keyof typeof codes): StatusObject {
  return { code: codes[name], details: 'why', metadata: new Metadata() };
}
