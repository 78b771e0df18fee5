import type { SourceNode } from './source.js';

/**
 * The same tree, with one string for all texts that are equal. Every quote looks names up, and a string is found at once
 * where it is the very one that was kept; another that only says the same is compared character by character.
 */
export function shareTexts(root: SourceNode): SourceNode {
  const known = new Map<string, string>();
  const shared = (text: string): string => {
    const first = known.get(text) ?? ownText(text);
    known.set(first, first);
    return first;
  };
  return withTexts(root, shared);
}

/**
 * The text as V8 keeps the names of properties: one string a process, and no window into the document, which would keep
 * all of it in memory and be read through in every comparison.
 */
function ownText(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}

function withTexts(node: SourceNode, shared: (text: string) => string): SourceNode {
  switch (node.kind) {
    case 'scalar':
      return { kind: 'scalar', text: shared(node.text), empty: node.empty, span: node.span };
    case 'list':
      return { kind: 'list', items: node.items.map((item) => withTexts(item, shared)), span: node.span };
    case 'map': {
      const entries = node.entries.map(({ key, keySpan, value }) => {
        return { key: shared(key), keySpan, value: withTexts(value, shared) };
      });
      return { kind: 'map', entries, span: node.span };
    }
  }
}
