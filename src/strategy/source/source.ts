/**
 * A YAML or JSON text as a tree with positions, before anything is known of its meaning. A scalar is its source text: its
 * type comes from its place in the document, so `1.10` is never a binary float on the way and `"2"` means the same as `2`.
 */
export type SourceNode = SourceScalar | SourceList | SourceMap;

/** Offsets into the text, half open. */
export type Span = { readonly start: number; readonly end: number };

export type SourceScalar = {
  readonly kind: 'scalar';
  readonly text: string;
  /** Written without a value (`key:`, `~`, `null`). */
  readonly empty: boolean;
  readonly span: Span;
};
export type SourceList = {
  readonly kind: 'list';
  readonly items: readonly SourceNode[];
  readonly span: Span;
};
export type SourceMap = {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: string; readonly keySpan: Span; readonly value: SourceNode }[];
  readonly span: Span;
};

export type SourceFile = { readonly name: string; readonly text: string };
