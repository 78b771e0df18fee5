import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { SourceNode } from '../../src/strategy/source.js';

/** The tree of a well-formed YAML or JSON text. Spans are left at 0: what a document means does not hang on its places. */
export function sourceOf(text: string): SourceNode {
  return nodeOf(parseDocument(text, { schema: 'failsafe', uniqueKeys: false }).contents);
}

function nodeOf(node: unknown): SourceNode {
  const span = { start: 0, end: 0 };
  if (isMap(node)) {
    const entries = node.items.map((pair) => ({
      key: String(pair.key),
      keySpan: span,
      value: nodeOf(pair.value),
    }));
    return { kind: 'map', entries, span };
  }
  if (isSeq(node)) return { kind: 'list', items: node.items.map(nodeOf), span };
  const scalar = isScalar(node) ? node : undefined;
  const text = typeof scalar?.value === 'string' ? scalar.value : '';
  const empty = (scalar?.type ?? 'PLAIN') === 'PLAIN' && ['', '~', 'null'].includes(text);
  return { kind: 'scalar', text, empty, span };
}
