import assert from 'node:assert/strict';
import type {
  WatchEventsRequestSchema,
  WatchEventsResponse,
} from '../../../../src/gen/ratebook/v1/event_pb.js';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { openAccount, openRecording, use } from '../recording/recording.js';
import { refusal } from '../../../platform/grpc/serving.js';
import type { Rating } from '../rating.js';

describe('services/rating: events', () => {
  let rating: Rating;
  before(async () => {
    rating = await openRecording();
    await openAccount(rating, 'other');
  });
  after(() => rating.close());

  /** Watches from a token on, does something, and returns the next so many events. */
  const eventsOf = async (
    request: MessageInitShape<typeof WatchEventsRequestSchema>,
    count: number,
    cause: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<readonly WatchEventsResponse[]> => {
    const stop = new AbortController();
    const told: WatchEventsResponse[] = [];
    let done: Promise<unknown> | undefined;
    try {
      for await (const answer of rating.client.watchEvents(request, { signal: stop.signal })) {
        done ??= cause();
        if (answer.event !== undefined) told.push(answer);
        if (told.length === count) break;
      }
    } finally {
      stop.abort();
      await done;
    }
    return told;
  };

  const tell = ({ event }: WatchEventsResponse) =>
    `${event?.type ?? ''} ${event?.subject ?? ''} ${event?.data['usage_id'] ?? ''} ${event?.data['amount'] ?? event?.data['reason'] ?? ''}`;

  const record = () =>
    rating.client.batchRateUsage({
      usages: [
        use('a', '3'),
        use('b', '1', {}, { kind: 'odd' }),
        use('c', '1', {}, { kind: 'banned' }),
        use('d', '2', { account: 'accounts/other', subscription: 'accounts/other/subscriptions/main' }),
      ],
    });

  it('tells of what was rated, waits for a price and was rejected, and goes on from any token', async () => {
    const all = await eventsOf({}, 4, record);
    assert.deepEqual(all.map(tell).toSorted(), [
      'ratebook.usage.rated accounts/acme a 3',
      'ratebook.usage.rated accounts/other d 2',
      'ratebook.usage.rejected accounts/acme c REJECTED',
      'ratebook.usage.unpriced accounts/acme b NO_PRICE',
    ]);
    assert.equal(new Set(all.map(({ event }) => event?.id)).size, 4);
    const [first, ...rest] = all;
    const again = await eventsOf({ resumeToken: first?.resumeToken ?? '' }, 3);
    assert.deepEqual(again, rest);
  });

  it('tells of one account, and of some types, alone', async () => {
    const reversed = () =>
      Promise.all(
        ['acme', 'other'].map((id) =>
          rating.client.cancelUsage({ account: `accounts/${id}`, usageId: id === 'acme' ? 'a' : 'd' }),
        ),
      );
    const request = { parent: 'accounts/other', types: ['ratebook.usage.rated'] };
    assert.deepEqual((await eventsOf(request, 1, reversed)).map(tell), [
      'ratebook.usage.rated accounts/other d -2',
    ]);
  });

  for (const [what, request, words] of [
    ['a token that is none', { resumeToken: 'x' }, /resume_token: "x" is none that this service gave/],
    ['a token that is cut', { resumeToken: '8265' }, /resume_token: "8265" is none that this service gave/],
    ['an unknown type', { types: ['rated'] }, /types\[0\]: "rated" is no type of event/],
    ['a name that is none', { parent: 'acme' }, /parent: "acme" is not accounts\/ID/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(eventsOf(request as never, 1), refusal('INVALID_REQUEST', words));
    });
  }
});
