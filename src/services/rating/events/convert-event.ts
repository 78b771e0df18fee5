import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type { WatchEventsRequest, WatchEventsResponseSchema } from '../../../gen/ratebook/v1/event_pb.js';
import { readRequest, taking } from '../../../platform/grpc/read-request.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { accountName } from '../accounts/account.js';
import { takeAccountName } from '../accounts/convert-account.js';
import { EVENT_TYPES, type EventType } from './event.js';
import type { Told, WatchEventsInput } from './watch-events.js';

export function fromProtoWatchEvents(request: WatchEventsRequest): Omit<WatchEventsInput, 'signal'> {
  const { parent, types, resumeToken } = request;
  return readRequest((complain) => {
    const take = taking(complain);
    return {
      account: parent === '' ? undefined : takeAccountName('parent', parent, take),
      types:
        types.length === 0
          ? undefined
          : types.map((type, i) => take(`types[${i}]`, parseType(type), EVENT_TYPES[0])),
      token: take('resume_token', parseToken(resumeToken), undefined),
    };
  });
}

function parseType(text: string): Parsed<EventType> {
  const type = EVENT_TYPES.find((one) => one === text);
  return type === undefined
    ? refused(`"${text.slice(0, 100)}" is no type of event; they are ${EVENT_TYPES.join(', ')}`)
    : parsed(type);
}

const TOKEN = /^[0-9A-F]{2,2000}$/;

function parseToken(text: string): Parsed<string | undefined> {
  if (text === '') return parsed(undefined);
  if (TOKEN.test(text)) return parsed(text);
  return refused(
    `"${text.slice(0, 40)}" is none that this service gave; send the last one that it did, or none`,
  );
}

const SOURCE = '/ratebook/rating';
const SPEC_VERSION = '1.0';

export function toProtoTold({ event, token }: Told): MessageInitShape<typeof WatchEventsResponseSchema> {
  return {
    resumeToken: token,
    ...(event !== undefined && {
      event: {
        id: event.id,
        source: SOURCE,
        specVersion: SPEC_VERSION,
        type: event.type,
        subject: accountName(event.account),
        time: toTimestamp(event.at),
        data: { ...event.data },
      },
    }),
  };
}
