import {
  type Node,
  type Pair,
  type ScalarTag,
  type YAMLMap,
  type YAMLSeq,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  parseDocument,
  visit,
} from 'yaml';
import { stringifyString } from 'yaml/util';
import { LINE_WIDTH, sectionRank } from './layout.js';

type Collection = YAMLMap | YAMLSeq;

/** See `formatSource`, which has found the syntax right. A text that is no map comes back as it is. */
export function formatYaml(text: string): string {
  // A comment that stands between two levels is read as belonging to another node once it has been indented: the second
  // pass settles it.
  return formatOnce(formatOnce(text));
}

function formatOnce(text: string): string {
  const document = parseDocument(text, {
    // Without types a plain scalar is its text: nothing is read as a number and written back as another.
    schema: 'failsafe',
    customTags: (tags) => [asWritten, withoutValue, ...tags],
    keepSourceTokens: true,
  });
  const root = document.contents;
  if (!isMap(root)) return text;
  root.items.sort((a, b) => sectionRank(textOf(a.key)) - sectionRank(textOf(b.key)));
  root.flow = false;
  visit(document, {
    Node: (_, node) => {
      trimComment(node);
    },
  });
  layOut(root, { indent: 0, column: 0 });
  separateSections(root);
  // Width 0: which lists and maps take one line has been decided above, and asWritten folds texts.
  return document.toString({ indent: 2, lineWidth: 0, flowCollectionPadding: true });
}

/** A scalar of one line is printed as it stands in the source; a longer one is folded anew, with the same meaning. */
const asWritten: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) => typeof value === 'string',
  resolve: (text) => text,
  stringify(scalar, context, onComment, onChompKeep) {
    const options = { ...context.options, lineWidth: LINE_WIDTH };
    return sourceOf(scalar) ?? stringifyString(scalar, { ...context, options }, onComment, onChompKeep);
  },
};

/** In braces a key may stand alone, `{ a, b: 1 }`: it has no value then, not even an empty one. */
const withoutValue: ScalarTag = {
  tag: 'tag:yaml.org,2002:null',
  default: true,
  identify: (value) => value === null,
  resolve: () => null,
  stringify: () => '',
};

function sourceOf(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  const token = node.srcToken;
  if (
    token?.type !== 'scalar' &&
    token?.type !== 'single-quoted-scalar' &&
    token?.type !== 'double-quoted-scalar'
  ) {
    return undefined;
  }
  return /[\r\n]/.test(token.source) ? undefined : token.source;
}

/** A comment at the end of a section may hold the blank line after it, which would then be printed twice. */
function trimComment(node: Node): void {
  if (typeof node.comment === 'string') node.comment = node.comment.replace(/\n+$/, '');
}

/** `indent`: where the lines of a block would start; `column`: where the same in braces would. */
type Place = { readonly indent: number; readonly column: number };

/** Breaks what is in braces and has a comment inside or is too wide. What is in lines already stays in lines. */
function layOut(node: unknown, { indent, column }: Place): void {
  if (!isCollection(node)) return;
  if (node.flow === true && !hasComments(node) && column + flowWidth(node) <= LINE_WIDTH) {
    joinLines(node);
    return;
  }
  node.flow = false;
  for (const item of node.items) {
    if (isPair(item)) layOut(item.value, { indent: indent + 2, column: indent + flowWidth(item.key) + 2 });
    else layOut(item, { indent: indent + 2, column: indent + 2 });
  }
}

function hasComments(collection: Collection): boolean {
  let found = false;
  visit(collection, {
    Node(_, node) {
      if (node === collection || (node.commentBefore ?? node.comment ?? '') === '') return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/** A blank line between the items would break the line that they fit on. */
function joinLines(collection: Collection): void {
  visit(collection, {
    Node(_, node) {
      if (node !== collection) node.spaceBefore = false;
    },
  });
}

/** Columns that a node takes on one line; infinite for a text that has several. */
function flowWidth(node: unknown): number {
  if (isPair(node)) return flowWidth(node.key) + ': '.length + flowWidth(node.value);
  if (node === null) return 0;
  if (isAlias(node)) return node.source.length + 1;
  if (!isCollection(node)) return sourceOf(node)?.length ?? Infinity;
  const items = node.items.reduce((width: number, item) => width + flowWidth(item) + ', '.length, 0);
  return items === 0 ? '{}'.length : items - ', '.length + '{  }'.length;
}

/** A blank line around each section that has lines of its own. */
function separateSections(root: YAMLMap): void {
  let before: Pair | undefined;
  for (const pair of root.items) {
    if (isNode(pair.key)) {
      const apart = isCollection(pair.value) || isCollection(before?.value);
      pair.key.spaceBefore = before !== undefined && (apart || pair.key.spaceBefore === true);
    }
    before = pair;
  }
}

function textOf(key: unknown): string {
  return isScalar(key) && typeof key.value === 'string' ? key.value : '';
}
