import {
  type CST,
  Composer,
  type Document,
  Lexer,
  type ParsedNode,
  Parser,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
} from 'yaml';
import type { SourceMap, SourceNode, Span } from './source.js';
import {
  DEEPEST_NESTING,
  MOST_SYNTAX_FAULTS,
  type Syntax,
  type SyntaxFault,
  tooDeep,
  withoutDoubles,
} from './syntax.js';

/** Words, signs and spaces of one file. 10,000 rules have about 1.5 million; reading this many takes seconds. */
const MOST_TOKENS = 3_000_000;

/** Reads one document of YAML 1.2 without aliases, tags and merge keys: what stands in the file is what is meant. */
export function readYaml(text: string): Syntax {
  const tokens = parse(text);
  if (!Array.isArray(tokens)) return { faults: [tokens] };
  // `failsafe` leaves every scalar its text, so that no number passes through a binary float.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, version: '1.2' });
  const [first, second] = withoutStacks(() => {
    const [one, another] = composer.compose(tokens);
    return [one, another];
  });
  const faults = (first?.errors ?? []).slice(0, MOST_SYNTAX_FAULTS).map((error) => explain(error, text));
  if (second !== undefined) faults.push(secondDocument(second));
  if (first === undefined || first.contents === null) {
    faults.push({
      span: { start: 0, end: 1 },
      message: 'The file has comments only; a strategy was expected.',
    });
    return { faults };
  }
  if (faults.length > 0) return { faults };
  const found: SyntaxFault[] = [];
  const root = toSource(first.contents, found);
  return { root, faults: found.slice(0, MOST_SYNTAX_FAULTS) };
}

/** The library makes an error for every fault of a text, up to a million; most of the time goes into their stacks. */
function withoutStacks<T>(compose: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return compose();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** The syntax tree, or the fault for which reading stopped: the composer recurses, so depth is looked at here. */
function parse(text: string): CST.Token[] | SyntaxFault {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    const span = { start: parser.offset - 1, end: parser.offset };
    // The stack holds the document and the scalar being read besides the collections.
    if (parser.stack.length > DEEPEST_NESTING + 2) return tooDeep(span);
    if (++count > MOST_TOKENS) {
      const hint = 'move price tables into a CSV that a lookup names';
      return { span, message: `The file has more than ${MOST_TOKENS} words and signs.`, hint };
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

const EXPLAINED: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  TAB_AS_INDENT: ['A tab stands where YAML indents with spaces.', 'replace the tab by spaces'],
  BAD_SCALAR_START: ['A text that starts with this character stands in quotes.', ''],
  BLOCK_AS_IMPLICIT_KEY: [
    'A map or list stands where a plain value was expected.',
    'put a text with ": " in quotes, or check the indentation',
  ],
  MULTILINE_IMPLICIT_KEY: ['A key stands on one line, with a colon after it.', 'check the indentation'],
};

type YamlError = Document.Parsed['errors'][number];

function explain(error: YamlError, text: string): SyntaxFault {
  const [start, end] = error.pos;
  if (error.code === 'MISSING_CHAR' && error.message.includes('quote')) return unclosed(text, start);
  // The library adds an excerpt of the text to its sentence, which the fault's place says better.
  const sentence = error.message.split(/ at line \d+|\n/)[0] ?? '';
  const [message, hint] = EXPLAINED[error.code] ?? [`${sentence.trimEnd()}.`, ''];
  return { span: { start, end }, message, hint };
}

/** The parser notices at the end of the file; the reader wants to see the quote that was opened. */
function unclosed(text: string, end: number): SyntaxFault {
  const start = openedQuote(text);
  return { span: { start: Math.min(start, end), end }, message: 'A quote is opened here and never closed.' };
}

function openedQuote(text: string): number {
  let at = 0;
  let opened = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const quote = lexeme[0];
    if ((quote === '"' || quote === "'") && (lexeme.length < 2 || !lexeme.endsWith(quote))) opened = at;
    at += isMark(lexeme) ? 0 : lexeme.length;
  }
  return opened;
}

/** The lexer's own marks for the start of a document, of a scalar and the like; they are not in the text. */
function isMark(lexeme: string): boolean {
  return lexeme === '\x02' || lexeme === '\x18' || lexeme === '\x1f' || lexeme === '\uFEFF';
}

function secondDocument(document: Document.Parsed): SyntaxFault {
  const start = document.range[0];
  return {
    span: { start, end: start + 1 },
    message: 'A second document starts here; a file holds one strategy.',
  };
}

function toSource(node: ParsedNode, faults: SyntaxFault[]): SourceNode {
  const span = { start: node.range[0], end: node.range[1] };
  if (isAlias(node)) {
    faults.push({
      span,
      message: `The alias \`*${node.source}\` stands here; a strategy spells values out.`,
    });
    return { kind: 'scalar', text: '', empty: true, span };
  }
  if (node.tag?.startsWith('tag:yaml.org,2002:') === false || (isScalar(node) && node.tag !== undefined)) {
    faults.push({
      span,
      message: `The tag \`${node.tag ?? ''}\` stands here; a value's type comes from its place.`,
    });
  }
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => toSource(item, faults)), span };
  if (isMap(node)) {
    const entries = node.items.map((pair) => toEntry(pair, span, faults));
    return { kind: 'map', entries: withoutDoubles(entries, faults), span };
  }
  const text = String(node.value);
  // The nulls of YAML 1.2's core schema; in quotes they are texts.
  const empty = node.type === 'PLAIN' && /^(null|Null|NULL|~|)$/.test(text);
  return { kind: 'scalar', text, empty, span };
}

type Entry = SourceMap['entries'][number];

function toEntry(pair: Pair<ParsedNode, ParsedNode | null>, map: Span, faults: SyntaxFault[]): Entry {
  const { key, value } = pair;
  const keySpan = { start: key.range[0], end: key.range[1] };
  const name = isScalar(key) ? String(key.value) : '';
  if (!isScalar(key)) faults.push({ span: keySpan, message: 'A key is a plain word, not a list or map.' });
  if (name === '<<') {
    faults.push({ span: keySpan, message: 'The merge key `<<` stands here; a strategy spells values out.' });
  }
  if (value !== null) return { key: name, keySpan, value: toSource(value, faults) };
  if (/\w:\w/.test(name)) {
    faults.push({ span: keySpan, message: `\`${name}\` has no space after its colon.` });
  }
  const at = { start: keySpan.end, end: Math.min(keySpan.end, map.end) };
  return { key: name, keySpan, value: { kind: 'scalar', text: '', empty: true, span: at } };
}
