import type { SourceNode } from './source.js';

/** A tree as plain data: scalars as their text, or null where nothing was written. */
export type Image = string | null | Image[] | { [key: string]: Image };

/** Maps have no prototype, so that a key such as `__proto__` is a key like any other. */
export function imageOf(node: SourceNode): Image {
  switch (node.kind) {
    case 'scalar':
      return node.empty ? null : node.text;
    case 'list':
      return node.items.map(imageOf);
    case 'map': {
      const map = Object.create(null) as { [key: string]: Image };
      for (const { key, value } of node.entries) map[key] = imageOf(value);
      return map;
    }
  }
}
