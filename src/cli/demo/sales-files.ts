import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSales } from './generated-sales.js';

/** Files of invoice lines, one a day, and in one sentence where they come from. */
export type Sales = { readonly files: readonly string[]; readonly origin: string };

const SEED = 20101201;

/** The recorded invoices, where a copy lies beside the checkout. */
const RECORDED = new URL('../../../../../shared/data/online-retail/', import.meta.url);

/** The recorded files, else generated ones, which are written into the folder. */
export async function findSales(folder: string): Promise<Sales> {
  const recorded = fileURLToPath(RECORDED);
  const names = (await readdir(recorded).catch(() => [])).filter((name) => name.endsWith('.csv')).sort();
  if (names.length > 0)
    return {
      files: names.map((name) => join(recorded, name)),
      origin: 'the UCI Online Retail data set, as recorded.',
    };
  const files: string[] = [];
  for (const { name, text } of generateSales(SEED)) {
    const file = join(folder, name);
    await writeFile(file, text);
    files.push(file);
  }
  return {
    files,
    origin: `generated (seed ${SEED}) in the shape of the UCI Online Retail data set, which is not at hand here.`,
  };
}
