import type { UsageFormat } from '../../intake/recorded-usage.js';
import type { UsageFileKind } from '../../intake/usage-rows.js';
import type { Tally } from '../../simulation/tally.js';
import type { SourceFile } from '../../strategy/source/source.js';

/** One back-test, as it goes to every thread that takes a share of it: plain data. */
export type Job = {
  readonly before: DocumentFiles;
  readonly after: DocumentFiles;
  readonly usage: UsageSource;
  readonly format: UsageFormat;
  readonly share: number;
  readonly shares: number;
};

/** A checked document as texts: what is read from them does not go from one thread to another. */
export type DocumentFiles = { readonly file: SourceFile; readonly attachments: readonly SourceFile[] };

/** A file of usage. All threads read by one descriptor, so they read the same file whatever happens to its name. */
export type UsageSource = {
  readonly descriptor: number;
  /** Bytes that are read; a file may grow meanwhile. */
  readonly size: number;
  readonly kind: UsageFileKind;
  /** NDJSON: the keys that are read, in the order of the columns. */
  readonly keys: readonly string[];
};

/** What a thread tells of itself while it works, and in the end. */
export type Message =
  | { readonly kind: 'progress'; readonly bytes: number; readonly usages: number }
  | { readonly kind: 'done'; readonly part: Part }
  | { readonly kind: 'refused'; readonly message: string };

export type Part = {
  readonly tally: Tally;
  /** Lower-case hex; told by the first share alone. */
  readonly sha256: string;
  /** NDJSON: keys that nobody asked for. */
  readonly ignored: readonly string[];
};
