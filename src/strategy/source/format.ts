import { formatJson } from './format-json.js';
import { formatYaml } from './format-yaml.js';
import { readSource } from './read-source.js';
import type { SourceFile } from './source.js';

/**
 * The text in the one layout that documents are kept in: two spaces a level, sections in a fixed order, a map or list
 * written in braces on one line where it fits in 120 columns, else with an item a line. What a scalar says stays as it
 * is written, `1.10` and quotes too, and so does every comment. Formatting twice changes nothing more. A text with faults
 * of syntax comes back as it is.
 */
export function formatSource(file: SourceFile): string {
  if (readSource(file).root === undefined) return file.text;
  const text = file.text.replace(/^\uFEFF/, '');
  return /\.json$/i.test(file.name) ? formatJson(text) : formatYaml(text);
}
