import { BSON } from 'mongodb';

/** One message between a driver and its server. */
export type WireMessage = {
  readonly bytes: Buffer;
  readonly id: number;
  /** The id of the message that this one answers. */
  readonly answers: number;
};

const HEADER_BYTES = 16;
const OP_MSG = 2013;

/** Takes a stream of bytes and hands on whole messages. */
export function messageSplitter(onMessage: (message: WireMessage) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES && rest.length >= rest.readInt32LE(0)) {
      const bytes = rest.subarray(0, rest.readInt32LE(0));
      rest = rest.subarray(bytes.length);
      onMessage({ bytes, id: bytes.readInt32LE(4), answers: bytes.readInt32LE(8) });
    }
  };
}

export type Command = {
  readonly name: string;
  /** The collection, where the command has one. */
  readonly of: string;
  readonly database: string;
  readonly isInTransaction: boolean;
};

/** What a message asks for; undefined for the greeting of old, which is no command. */
export function commandIn({ bytes }: WireMessage): Command | undefined {
  if (bytes.readInt32LE(12) !== OP_MSG) return undefined;
  const body = bodyOf(bytes);
  const [first] = Object.entries<unknown>(body);
  if (first === undefined) return undefined;
  const [name, of] = first;
  const isInTransaction = body['autocommit'] === false;
  return { name, of: typeof of === 'string' ? of : '', database: String(body['$db']), isInTransaction };
}

/** Of a message's sections the body has kind 0; the others are lists of documents of a known length. */
function bodyOf(bytes: Buffer): BSON.Document {
  for (let at = HEADER_BYTES + 4; at < bytes.length; at += 1 + bytes.readInt32LE(at + 1))
    if (bytes[at] === 0) return BSON.deserialize(bytes.subarray(at + 1, at + 1 + bytes.readInt32LE(at + 1)));
  throw new Error('A message to the database has no body.');
}
