import type { Adapter, Matcher } from './adapters/adapter.js';
import { type CorpusFile, type Facts, readCorpus } from './corpus.js';

/** One case of a file as an engine answered it; a document that is to be refused is one case. */
export type Answer = {
  /** As the file writes them. */
  readonly facts: string;
  readonly expected: string;
  readonly found: string;
  readonly passed: boolean;
};

export type FileScore = { readonly file: CorpusFile; readonly answers: readonly Answer[] };
export type EngineScore = { readonly adapter: Adapter; readonly files: readonly FileScore[] };

/** Files one after the other: that json-rules-engine looks at one thing at a time is part of its order. */
export async function scoreCorpus(adapter: Adapter): Promise<EngineScore> {
  const files: FileScore[] = [];
  for (const file of readCorpus()) files.push({ file, answers: await scoreFile(adapter, file) });
  return { adapter, files };
}

export async function scoreFile({ exact, load }: Adapter, file: CorpusFile): Promise<readonly Answer[]> {
  const { cases, refused, ...document } = exact ? file.exact : file;
  const matcher: Matcher = async (facts) => load(document)(facts);
  if (refused !== undefined) {
    // Refusing it only when it is asked about counts as well, though it is late.
    const found = await answerOf(matcher, refused.tried);
    const facts = shown(file.exact.refused?.tried);
    return [{ facts, expected: `refused: ${refused.because}`, ...outcome(found, undefined) }];
  }
  const answers: Answer[] = [];
  for (const [i, one] of (cases ?? []).entries()) {
    const wanted = 'matches' in one ? one.matches : undefined;
    const expected = 'matches' in one ? namesOf(one.matches) : `refused: ${one.refused}`;
    const found = await answerOf(matcher, one.facts);
    const facts = shown(file.exact.cases?.[i]?.facts);
    answers.push({ facts, expected, ...outcome(found, wanted) });
  }
  return answers;
}

/** The facts with all their digits. */
function shown(exact: Facts | undefined): string {
  return JSON.stringify(exact ?? {});
}

type Found =
  | { readonly kind: 'matches'; readonly names: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string };

async function answerOf(matcher: Matcher, facts: Facts): Promise<Found> {
  try {
    return { kind: 'matches', names: await matcher(facts) };
  } catch (error) {
    return { kind: 'refused', why: error instanceof Error ? error.message : String(error) };
  }
}

/** `wanted`: the names that are to match, undefined where a refusal is wanted. */
function outcome(found: Found, wanted: readonly string[] | undefined): Pick<Answer, 'found' | 'passed'> {
  if (found.kind === 'refused') return { found: `refused: ${found.why}`, passed: wanted === undefined };
  const names = namesOf(found.names);
  return { found: names, passed: wanted !== undefined && names === namesOf(wanted) };
}

function namesOf(names: readonly string[]): string {
  return names.length === 0 ? 'no rules' : names.join(', ');
}
