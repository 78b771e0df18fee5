import { RatebookError } from '../../../errors/error.js';
import { decimal, formatDecimal, isDecimal } from '../../../money/decimal.js';

/**
 * Plain data on its way from another thread, in pieces that are each taken in within a fraction of a millisecond, however
 * large the whole is. A structured clone would be taken in at one go.
 *
 * The data is a list of nodes, each made of nodes before it, to which it refers by position. Equal nodes are one:
 * conditions are much alike, so that 10,000 rules take a fraction of the time and memory.
 */
export type Pieces = {
  /** JSON in UTF-8, a list of nodes a piece. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each piece ends in the bytes. */
  readonly ends: readonly number[];
  /** The position of the node that is the whole. */
  readonly root: number;
};

/**
 * A string, boolean or number is itself, all else begins with its tag. A decimal and an instant are texts: JSON has no
 * exact number. A collection that is too long for one piece goes on in nodes of `more`, after its own position.
 */
type Node =
  | string
  | boolean
  | number
  | readonly ['undefined']
  | readonly ['decimal' | 'instant', string]
  | readonly ['object', ...(string | number)[]]
  | readonly ['list' | 'map' | 'set' | 'more', ...number[]];

/** Numbers, strings and references in one piece, or in one node: an even number, since those of a map are pairs. */
const PIECE_TOKENS = 2_000;
const NODE_TOKENS = 500;

type Writing = {
  readonly piece: string[];
  readonly known: Map<string, number>;
  /** Objects and lists that were written: what many share is gone through once. */
  readonly seen: Map<object, number>;
  readonly finished: string[];
  nodes: number;
  tokens: number;
};

/** Plain data of strings, booleans, numbers, bigints, decimals, lists, objects, maps and sets. */
export function toPieces(value: unknown): Pieces {
  const writing: Writing = {
    piece: [],
    known: new Map(),
    seen: new Map(),
    finished: [],
    nodes: 0,
    tokens: 0,
  };
  const root = write(writing, value);
  finish(writing);
  const encoder = new TextEncoder();
  const encoded = writing.finished.map((text) => encoder.encode(text));
  let end = 0;
  const ends = encoded.map(({ length }) => (end += length));
  const bytes = new Uint8Array(end);
  encoded.forEach((piece, i) => {
    bytes.set(piece, (ends[i] ?? 0) - piece.length);
  });
  return { bytes, ends, root };
}

/** Writes what the value is made of and then itself; the result is its position. */
function write(writing: Writing, value: unknown): number {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return add(writing, value);
  if (value === undefined) return add(writing, ['undefined']);
  if (typeof value === 'bigint') return add(writing, ['instant', value.toString()]);
  if (isDecimal(value)) return add(writing, ['decimal', formatDecimal(value)]);
  if (typeof value !== 'object' || value === null)
    throw new RatebookError('INTERNAL', `A ${typeof value} cannot go to another thread.`);
  const position = writing.seen.get(value) ?? writeWhole(writing, value);
  writing.seen.set(value, position);
  return position;
}

function writeWhole(writing: Writing, value: object): number {
  if (Array.isArray(value)) return addAll(writing, 'list', references(writing, value));
  if (value instanceof Set) return addAll(writing, 'set', references(writing, value));
  if (value instanceof Map) return addAll(writing, 'map', references(writing, [...value].flat()));
  const entries = Object.entries(value).flatMap(([key, of]) => [key, write(writing, of)]);
  return add(writing, ['object', ...entries]);
}

function references(writing: Writing, values: Iterable<unknown>): readonly number[] {
  return Array.from(values, (value) => write(writing, value));
}

function addAll(writing: Writing, tag: 'list' | 'map' | 'set', all: readonly number[]): number {
  if (all.length <= NODE_TOKENS) return add(writing, [tag, ...all]);
  // Not one of the known: it is not whole before what follows.
  const position = append(writing, [tag, ...all.slice(0, NODE_TOKENS)]);
  for (let from = NODE_TOKENS; from < all.length; from += NODE_TOKENS) {
    append(writing, ['more', position, ...all.slice(from, from + NODE_TOKENS)]);
  }
  return position;
}

function add(writing: Writing, node: Node): number {
  const text = JSON.stringify(node);
  const known = writing.known.get(text);
  if (known !== undefined) return known;
  const position = append(writing, node, text);
  writing.known.set(text, position);
  return position;
}

function append(writing: Writing, node: Node, text = JSON.stringify(node)): number {
  writing.piece.push(text);
  writing.tokens += typeof node === 'object' ? node.length : 1;
  if (writing.tokens >= PIECE_TOKENS) finish(writing);
  return writing.nodes++;
}

function finish(writing: Writing): void {
  if (writing.piece.length > 0) writing.finished.push(`[${writing.piece.join(',')}]`);
  writing.piece.length = 0;
  writing.tokens = 0;
}

/** The data again, after a stop for each piece. */
export function* fromPieces({ bytes, ends, root }: Pieces): Generator<void, unknown> {
  const decoder = new TextDecoder();
  const known: unknown[] = [];
  let start = 0;
  for (const end of ends) {
    const nodes = JSON.parse(decoder.decode(bytes.subarray(start, end))) as readonly Node[];
    for (const node of nodes) known.push(typeof node === 'object' ? read(node, known) : node);
    start = end;
    yield;
  }
  return known[root];
}

type Compound = Extract<Node, readonly unknown[]>;

function read(node: Compound, known: readonly unknown[]): unknown {
  switch (node[0]) {
    case 'undefined':
      return undefined;
    case 'instant':
      return BigInt(node[1]);
    case 'decimal':
      // Of any width: what was computed from a document's numbers may be longer than they.
      return decimal(node[1]);
    case 'object': {
      const object: Record<string, unknown> = {};
      for (let i = 1; i < node.length; i += 2) object[String(node[i])] = known[Number(node[i + 1])];
      return object;
    }
    case 'list':
      return addTo([], node, { known, from: 1 });
    case 'set':
      return addTo(new Set(), node, { known, from: 1 });
    case 'map':
      return addTo(new Map(), node, { known, from: 1 });
    case 'more':
      return addTo(known[node[1] ?? 0], node, { known, from: 2 });
  }
}

type Rest = { readonly known: readonly unknown[]; readonly from: number };

/** Adds what a node refers to, from one of its elements on. */
function addTo(collection: unknown, node: readonly unknown[], { known, from }: Rest): unknown {
  const at = (i: number) => known[Number(node[i])];
  if (Array.isArray(collection)) for (let i = from; i < node.length; i++) collection.push(at(i));
  else if (collection instanceof Set) for (let i = from; i < node.length; i++) collection.add(at(i));
  else if (collection instanceof Map)
    for (let i = from; i < node.length; i += 2) collection.set(at(i), at(i + 1));
  return collection;
}
