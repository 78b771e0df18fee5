import { type Document, isMap, isSeq, parseDocument } from 'yaml';
import { formatSource } from '../../src/strategy/source/format.js';

/**
 * A document with a part of one written into it, as a person would: the entries of each section added to it, or put in
 * the place of those of the same name.
 */
export function withFragment(text: string, fragment: string): string {
  const [document, added] = [parse(text), parse(fragment)];
  if (!isMap(added.contents)) throw new Error('the fragment is no map');
  for (const { key, value } of added.contents.items) {
    const section = document.get(key, true);
    if (isMap(section) && isMap(value)) {
      for (const pair of value.items) section.set(pair.key, pair.value);
    } else if (isSeq(section) && isSeq(value)) {
      for (const item of value.items) {
        const at = section.items.findIndex((known) => nameOf(known) === nameOf(item));
        section.items[at < 0 ? section.items.length : at] = item;
      }
    } else document.set(key, value);
  }
  return formatSource({ name: 'strategy.yaml', text: document.toString({ lineWidth: 0 }) });
}

/** Without types, so that every number stays as it is written. */
function parse(text: string): Document {
  return parseDocument(text, { schema: 'failsafe', keepSourceTokens: true });
}

function nameOf(item: unknown): unknown {
  return isMap(item) ? item.get('name') : undefined;
}
