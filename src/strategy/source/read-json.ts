import { type Node, createScanner, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { SourceMap, SourceNode, Span } from './source.js';
import {
  DEEPEST_NESTING,
  MOST_SYNTAX_FAULTS,
  type Syntax,
  type SyntaxFault,
  tooDeep,
  withoutDoubles,
} from './syntax.js';

/** Reads strict JSON: no comments, no trailing commas, no key twice. */
export function readJson(text: string): Syntax {
  const deep = findTooDeep(text);
  if (deep !== undefined) return { faults: [tooDeep(deep)] };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (errors.length > 0 || tree === undefined) {
    return { faults: errors.slice(0, MOST_SYNTAX_FAULTS).map((error) => explain(text, error)) };
  }
  const faults: SyntaxFault[] = [];
  const root = toSource(tree, text, faults);
  return { root, faults: faults.slice(0, MOST_SYNTAX_FAULTS) };
}

/** The parser below recurses, so the depth is looked at before. */
function findTooDeep(text: string): Span | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  let last = -1;
  while (scanner.getPosition() !== last) {
    last = scanner.getPosition();
    scanner.scan();
    const bracket = scanner.getTokenLength() === 1 ? text[scanner.getTokenOffset()] : '';
    if (bracket === '{' || bracket === '[') depth++;
    if (bracket === '}' || bracket === ']') depth--;
    const start = scanner.getTokenOffset();
    if (depth > DEEPEST_NESTING) return { start, end: start + 1 };
  }
  return undefined;
}

const EXPECTED: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This is not JSON; a text stands in double quotes.',
  PropertyNameExpected: 'A key in double quotes was expected here.',
  ValueExpected: 'A value was expected here.',
  ColonExpected: 'A colon was expected here.',
  CommaExpected: 'A comma was expected here.',
  CloseBraceExpected: 'A closing } was expected here.',
  CloseBracketExpected: 'A closing ] was expected here.',
  EndOfFileExpected: 'The document has ended before this.',
  InvalidCommentToken: 'JSON has no comments.',
  UnexpectedEndOfString: 'A text is opened here and never closed on its line.',
  InvalidEscapeCharacter: 'JSON knows no such escape; a backslash is written twice.',
};

function explain(text: string, error: ParseError): SyntaxFault {
  const message = EXPECTED[printParseErrorCode(error.error)] ?? 'This is not JSON.';
  const start = Math.min(error.offset, text.length);
  const hint = message.startsWith('JSON has no') ? 'name the file .yaml to keep its comments' : '';
  return { span: { start, end: start + error.length }, message, hint };
}

function toSource(node: Node, text: string, faults: SyntaxFault[]): SourceNode {
  const span = { start: node.offset, end: node.offset + node.length };
  const children = node.children ?? [];
  if (node.type === 'array') {
    return { kind: 'list', items: children.map((child) => toSource(child, text, faults)), span };
  }
  if (node.type === 'object') {
    const entries = children.flatMap((property) => toEntry(property, text, faults));
    return { kind: 'map', entries: withoutDoubles(entries, faults), span };
  }
  const written = node.type === 'string' ? String(node.value) : text.slice(span.start, span.end);
  return { kind: 'scalar', text: node.type === 'null' ? '' : written, empty: node.type === 'null', span };
}

function toEntry(property: Node, text: string, faults: SyntaxFault[]): SourceMap['entries'] {
  const [key, value] = property.children ?? [];
  if (key === undefined || value === undefined) return [];
  const keySpan = { start: key.offset, end: key.offset + key.length };
  return [{ key: String(key.value), keySpan, value: toSource(value, text, faults) }];
}
