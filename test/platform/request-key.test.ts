import assert from 'node:assert/strict';
import { type MessageInitShape, create } from '@bufbuild/protobuf';
import {
  type AttributeChangeSchema,
  CloseAccountRequestSchema,
  GetAccountRequestSchema,
  SetAccountAttributesRequestSchema,
} from '../../src/gen/ratebook/v1/account_pb.js';
import { ListRevisionsRequestSchema } from '../../src/gen/ratebook/v1/strategy_pb.js';
import { fingerprintOf, requestKey } from '../../src/platform/request-key.js';

const unheard = (field: string) => assert.fail(field);
const set = (values: MessageInitShape<typeof AttributeChangeSchema>['values']) =>
  create(SetAccountAttributesRequestSchema, { name: 'accounts/a', change: { values } });
const text = (value: string) => ({ kind: { case: 'textValue', value } }) as const;
const one = text('1');

describe('platform/request-key', () => {
  it('there is none without a request id', () => {
    const request = create(CloseAccountRequestSchema, { name: 'accounts/a' });
    assert.equal(requestKey(request, 'ann', unheard), undefined);
  });

  for (const [length, complaints] of [
    [1, []],
    [128, []],
    [129, ['request_id: has 129 characters; at most 128.']],
  ] as const) {
    it(`an id of ${length} characters`, () => {
      const heard: string[] = [];
      const request = create(CloseAccountRequestSchema, { requestId: 'x'.repeat(length) });
      requestKey(request, 'ann', (field, why) => heard.push(`${field}: ${why}`));
      assert.deepEqual(heard, complaints);
    });
  }

  it('the order of a map is no difference', () => {
    assert.equal(fingerprintOf(set({ a: one, b: text('2') })), fingerprintOf(set({ b: text('2'), a: one })));
  });

  for (const [what, a, b] of [
    ['another value', set({ a: one }), set({ a: text('2') })],
    ['values swapped', set({ a: one, b: text('2') }), set({ a: text('2'), b: one })],
    [
      'another kind of the same text',
      set({ a: one }),
      set({ a: { kind: { case: 'stringValue', value: '1' } } }),
    ],
    ['no kind', set({ a: one }), set({ a: {} })],
    ['a map with an entry less', set({ a: one }), set({})],
    [
      'no message and an empty one',
      set({}),
      create(SetAccountAttributesRequestSchema, { name: 'accounts/a' }),
    ],
    [
      'another number of 64 bits',
      create(CloseAccountRequestSchema, { closedAt: { seconds: 9_007_199_254_740_993n } }),
      create(CloseAccountRequestSchema, { closedAt: { seconds: 9_007_199_254_740_992n } }),
    ],
    [
      'the same fields of another type',
      create(GetAccountRequestSchema, { name: 'accounts/a' }),
      create(CloseAccountRequestSchema, { name: 'accounts/a' }),
    ],
    [
      'one text in another field',
      create(ListRevisionsRequestSchema, { parent: 'a' }),
      create(ListRevisionsRequestSchema, { pageToken: 'a' }),
    ],
  ] as const) {
    it(`${what} is a difference`, () => {
      assert.notEqual(fingerprintOf(a), fingerprintOf(b));
    });
  }
});
