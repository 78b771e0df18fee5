import { type Node, parseTree } from 'jsonc-parser';
import { LINE_WIDTH, sectionRank } from './layout.js';

/** See `formatSource`, which has found the syntax right. */
export function formatJson(text: string): string {
  const root = parseTree(text);
  return root === undefined ? text : print(inOrder(root), { text, indent: 0, column: 0 }) + '\n';
}

function inOrder(root: Node): Node {
  if (root.type !== 'object') return root;
  const properties = root.children ?? [];
  return { ...root, children: properties.toSorted((a, b) => rankOf(a) - rankOf(b)) };
}

function rankOf(property: Node): number {
  return sectionRank(String(property.children?.[0]?.value));
}

/** `indent` is that of the line; `column` that of the value, with what follows it on the line at most a comma. */
type Place = { readonly text: string; readonly indent: number; readonly column: number };

function print(node: Node, place: Place): string {
  const children = node.children ?? [];
  const flat = printFlat(node, place.text);
  if (children.length === 0 || (isOnOneLine(node, place) && place.column + flat.length < LINE_WIDTH))
    return flat;

  const indent = place.indent + 2;
  const margin = ' '.repeat(indent);
  const lines = children.map((child) => {
    const key = keyOf(child, place.text);
    return margin + key + print(valueOf(child), { text: place.text, indent, column: indent + key.length });
  });
  const [open, close] = node.type === 'object' ? ['{', '}'] : ['[', ']'];
  return `${open}\n${lines.join(',\n')}\n${' '.repeat(place.indent)}${close}`;
}

/** The document itself and its sections are never put on one line. */
function isOnOneLine(node: Node, { text, indent }: Place): boolean {
  const written = text.slice(node.offset, node.offset + node.length);
  return indent > 0 && !/[\r\n]/.test(written);
}

function printFlat(node: Node, text: string): string {
  if (node.children === undefined) return text.slice(node.offset, node.offset + node.length);
  const children = node.children.map((child) => keyOf(child, text) + printFlat(valueOf(child), text));
  if (node.type === 'array') return `[${children.join(', ')}]`;
  return children.length === 0 ? '{}' : `{ ${children.join(', ')} }`;
}

function keyOf(child: Node, text: string): string {
  const key = child.type === 'property' ? child.children?.[0] : undefined;
  return key === undefined ? '' : `${text.slice(key.offset, key.offset + key.length)}: `;
}

function valueOf(child: Node): Node {
  return (child.type === 'property' ? child.children?.[1] : undefined) ?? child;
}
