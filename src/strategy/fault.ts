/** Something wrong in a file, with its place. Every fault of a file is reported at once. */
export type Fault = {
  readonly severity: 'error' | 'warning';
  /** As the caller named it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** Characters to mark from `column` on; at least 1. */
  readonly width: number;
  /** Where in the document: `rules[2].event.params.price`. */
  readonly path: string;
  /** One sentence: what was found, what was expected. */
  readonly message: string;
  /** What to do next; empty when the message says it already. */
  readonly hint: string;
};
