import { type Section } from './document-schema.js';
import type { Path } from '../source/place.js';
import { type Report, fault, found } from '../source/report.js';
import type { SourceNode } from '../source/source.js';

/** One entry of a section, not yet read. */
export type Entry = { readonly name: string; readonly path: Path; readonly node: SourceNode };

/** The entries of a section that is a map by name; none, with a fault, when it is something else. */
export function mapSection(report: Report, section: Section): Entry[] {
  const node = sectionNode(report, section);
  if (node === undefined) return [];
  if (node.kind === 'map') {
    return node.entries.map(({ key, value }) => ({ name: key, path: [section, key], node: value }));
  }
  fault(report, [section], `${found(node)} stands here; \`${section}\` is a map by name.`);
  return [];
}

/** The items of a section that is a list; none, with a fault, when it is something else. */
export function listSection(report: Report, section: Section): Entry[] {
  const node = sectionNode(report, section);
  if (node === undefined) return [];
  if (node.kind === 'list') {
    return node.items.map((item, index) => ({ name: String(index), path: [section, index], node: item }));
  }
  fault(report, [section], `${found(node)} stands here; \`${section}\` is a list.`);
  return [];
}

/** A section without a value (`lookups:` and nothing after it) is one without entries. */
function sectionNode({ root }: Report, section: Section): SourceNode | undefined {
  const node = root.kind === 'map' ? root.entries.find(({ key }) => key === section)?.value : undefined;
  return node?.kind === 'scalar' && node.empty ? undefined : node;
}
