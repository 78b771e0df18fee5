import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readTokenUsage, type TokenUsage } from '../../intake/token-usage.js';
import { readText } from '../read-file.js';
import type { Terminal } from '../terminal.js';
import { generateUsage } from './generated-usage.js';

/** Calls to price, and in one sentence where they come from. */
export type UsageSource = { readonly usages: readonly TokenUsage[]; readonly origin: string };

const SEED = 20231116;

/** The recorded trace, where a copy lies beside the checkout. */
const TRACE = new URL('../../../../../shared/data/llm-inference/', import.meta.url);

/** The file that was asked for, else the recorded trace, else calls with its distribution. */
export async function findUsage(file: string | undefined, terminal: Terminal): Promise<UsageSource> {
  if (file !== undefined) {
    const usages = readTokenUsage({ name: file, text: await readText(file, terminal) }, 'conv');
    return { usages, origin: `${file}, as asked for.` };
  }
  const code = await readTrace('code');
  const conv = await readTrace('conv');
  if (code.length > 0 && conv.length > 0) {
    const usages = [...code, ...conv].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    return { usages, origin: 'the Azure LLM inference trace of 2023, as recorded.' };
  }
  return {
    usages: generateUsage(SEED),
    origin: `generated (seed ${SEED}) with the distribution of the Azure LLM inference trace of 2023, which is not at hand here.`,
  };
}

async function readTrace(model: string): Promise<readonly TokenUsage[]> {
  const name = `AzureLLMInferenceTrace_${model}.csv`;
  const text = await readFile(fileURLToPath(new URL(name, TRACE)), 'utf8').catch(() => '');
  return text === '' ? [] : readTokenUsage({ name, text }, model);
}
