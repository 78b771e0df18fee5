import type { Facts, RuleDocument } from '../corpus.js';

/** What puts an engine to the test. A refusal, of a document or of facts, is an error that is thrown. */
export type Adapter = {
  readonly name: string;
  /** Whether it wants numbers as the texts that the file has, rather than as doubles. */
  readonly exact: boolean;
  readonly load: (document: RuleDocument) => Matcher;
};

/** The names of the rules that match, in order. */
export type Matcher = (facts: Facts) => readonly string[] | Promise<readonly string[]>;
