import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { QuoteInputSchema } from '../../src/gen/ratebook/v1/rate_pb.js';

const decimal = (value: string) => ({ kind: { case: 'decimalValue' as const, value } });

/** One call of a language model at noon: two lines, of which one has tiers. */
export const benchInput: MessageInitShape<typeof QuoteInputSchema> = {
  strategy: 'strategies/llm-api',
  usages: [
    {
      occurredAt: timestampFromDate(new Date('2026-01-05T12:00:00Z')),
      facts: {
        model: { kind: { case: 'stringValue', value: 'code' } },
        input_tokens: decimal('1000'),
        cached_tokens: decimal('200'),
        output_tokens: decimal('300'),
      },
    },
  ],
};
